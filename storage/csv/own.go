package csv

import (
	"fmt"
	"slices"
)

// Recognise returns the mapping of a file that is one of our own exports, or nil.
func Recognise(path string) (*Mapping, error) {
	s := &Source{path: path, mapping: &Mapping{}}
	sample, err := s.sample()
	if err != nil {
		return nil, fmt.Errorf("recognise: %w", err)
	}
	d, err := sniff(sample, s.mapping)
	if err != nil {
		return nil, fmt.Errorf("recognise %s: %w", path, err)
	}
	t, f, err := d.open(path, nil)
	if err != nil {
		return nil, fmt.Errorf("recognise %s: %w", path, err)
	}
	defer f.Close()
	if d.json {
		var r record
		if err := t.next(&r); err != nil {
			return nil, nil
		}
	}
	heads := t.header()
	marks := map[Rows][]Field{
		Deals:      {FieldDeal, FieldNumber, FieldKind, FieldOpened, FieldHistorical},
		History:    {FieldDeal, FieldRow, FieldType, FieldStage, FieldRecorded},
		Activities: {FieldDeal, FieldRow, FieldType, FieldAt, FieldRecorded},
	}
	for _, rows := range []Rows{Deals, History, Activities} {
		all := true
		for _, mark := range marks[rows] {
			all = all && slices.Contains(heads, string(mark))
		}
		if all {
			return OwnMapping(rows), nil
		}
	}
	return nil, nil
}
