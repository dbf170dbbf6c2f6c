package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"funnelbot/funnel"
)

// stored is the form in which a document waits for its delivery.
type stored struct {
	Blocks []storedBlock `json:"blocks"`
	Deal   funnel.ID     `json:"deal,omitzero"`
	Shared bool          `json:"shared,omitzero"`
	Place  string        `json:"place,omitzero"`
	Locale funnel.Locale `json:"locale,omitzero"`
}

// storedBlock is a block with the name of its kind.
type storedBlock struct {
	Kind  string          `json:"kind"`
	Block json.RawMessage `json:"block"`
}

// kinds are the blocks by the names under which they are stored. The names stay: a message may be
// delivered by a later version than the one that wrote it.
func kinds() map[string]Block {
	return map[string]Block{
		"heading": Heading{}, "paragraph": Paragraph{}, "fields": Fields{}, "list": List{}, "table": Table{},
		"buttons": Buttons{}, "choices": Choices{}, "form": Form{}, "picture": Picture{}, "file": File{},
		"divider": Divider{}, "footnote": Footnote{},
	}
}

// kindOf returns the name of a block's kind.
func kindOf(b Block) (string, bool) {
	for name, kind := range kinds() {
		if reflect.TypeOf(kind) == reflect.TypeOf(b) {
			return name, true
		}
	}
	return "", false
}

var errSecret = errors.New("encode a message: it is secret")

// MarshalJSON implements [json.Marshaler]. A secret document has no such form.
func (d Doc) MarshalJSON() ([]byte, error) {
	if d.Secret {
		return nil, errSecret
	}
	s := stored{Blocks: []storedBlock{}, Deal: d.Deal, Shared: d.Shared, Place: d.Place, Locale: d.Locale}
	for _, b := range d.Blocks {
		kind, ok := kindOf(b)
		if !ok {
			return nil, fmt.Errorf("encode a message: block %T has no kind", b)
		}
		data, err := json.Marshal(b)
		if err != nil {
			return nil, fmt.Errorf("encode a %s: %w", kind, err)
		}
		s.Blocks = append(s.Blocks, storedBlock{kind, data})
	}
	return json.Marshal(s)
}

// UnmarshalJSON implements [json.Unmarshaler]. A block of a kind that this version does not know is
// an error: what is left would say something else.
func (d *Doc) UnmarshalJSON(data []byte) error {
	var s stored
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("decode a message: %w", err)
	}
	doc := Doc{Deal: s.Deal, Shared: s.Shared, Place: s.Place, Locale: s.Locale}
	for _, b := range s.Blocks {
		kind, ok := kinds()[b.Kind]
		if !ok {
			return fmt.Errorf("decode a message: unknown block %q", b.Kind)
		}
		into := reflect.New(reflect.TypeOf(kind))
		if err := json.Unmarshal(b.Block, into.Interface()); err != nil {
			return fmt.Errorf("decode a %s: %w", b.Kind, err)
		}
		block, ok := reflect.TypeAssert[Block](into.Elem())
		if !ok {
			return fmt.Errorf("decode a %s: no block", b.Kind)
		}
		doc.Blocks = append(doc.Blocks, block)
	}
	*d = doc
	return nil
}
