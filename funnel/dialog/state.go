package dialog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

const (
	// MaxState is how many bytes an encoded state may take. It leaves a caller room beside it
	// in a session of 64 KiB.
	MaxState = 56 << 10
	// maxVersion is far beyond any dialog and keeps a decoded counter from overflowing.
	maxVersion = 1 << 53
)

// State is where a dialog stands. It is a plain value: functions of this package return a new one and never
// change the one they were given.
type State struct {
	// ID tells this dialog from every other; short, because it is part of every button. It also
	// serves as the key of the effect the dialog leads to.
	ID string `json:"id"`
	// Script and ScriptVersion name the script that asked last.
	Script        string `json:"script"`
	ScriptVersion int    `json:"script_version"`
	// Version counts what has been shown. A button under anything shown before is old.
	Version int64 `json:"version"`
	// Phase is Ask, Review, Finished or Cancelled.
	Phase Result `json:"phase"`
	// Cursor is the step of the question that stands, and Kind its kind.
	Cursor string `json:"cursor,omitempty"`
	Kind   Kind   `json:"kind,omitempty"`
	// Editing says that the question has an answer which is being changed on demand.
	Editing bool `json:"editing,omitempty"`
	// Offered are the keys of the options shown, so that a typed number means what was seen.
	Offered []string `json:"offered,omitempty"`
	// Picked are the options that are picked so far at the question of Cursor, if it has several answers.
	Picked []string `json:"picked,omitempty"`
	// Taps are the options that were picked or taken out one after another, the last one last, by which what
	// was shown differs from what was shown before: as many showings back, the same question stood.
	Taps []string `json:"taps,omitempty"`
	// Page are the steps that are asked at once; empty where one is. Cursor is the one that is spoken to.
	Page []string `json:"page,omitempty"`
	// Paused says that the dialog was set aside.
	Paused bool `json:"paused,omitempty"`
	// Candidates are the meanings of an ambiguous text, while they are offered.
	Candidates []Value `json:"candidates,omitempty"`
	// Answers are those given so far.
	Answers Answers `json:"answers"`
}

// Token returns what a button under the thing shown last carries.
func (s State) Token() string { return s.ID + "." + strconv.FormatInt(s.Version, 36) }

// Ended reports whether the dialog takes no more input.
func (s State) Ended() bool { return s.Phase == Finished || s.Phase == Cancelled }

// Changed returns the answers that were given since an earlier state of the same dialog, skipped ones
// included, and the steps whose answers were dropped, in alphabetical order. Against a state that has
// only Answers, those known at the start, it says what [Start] made of them.
func (s State) Changed(before State) (given map[string]Value, dropped []string) {
	for step, v := range s.Answers {
		if was, ok := before.Answers[step]; !ok || was != v {
			if given == nil {
				given = map[string]Value{}
			}
			given[step] = v
		}
	}
	for step := range before.Answers {
		if _, ok := s.Answers[step]; !ok {
			dropped = append(dropped, step)
		}
	}
	slices.Sort(dropped)
	return given, dropped
}

// Encode returns the state as JSON.
func (s State) Encode() ([]byte, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode dialog %s: %w", s.ID, err)
	}
	return data, nil
}

// Decode reads what [State.Encode] wrote, by this or another version of the program.
func Decode(data []byte) (State, error) {
	if len(data) > MaxState {
		return State{}, fmt.Errorf("decode dialog: %d bytes of at most %d", len(data), MaxState)
	}
	var s State
	if err := json.Unmarshal(data, &s); err != nil {
		return State{}, fmt.Errorf("decode dialog: %w", err)
	}
	switch s.Phase {
	case Ask, Review, Finished, Cancelled:
	case Stale, Paused:
		return State{}, fmt.Errorf("decode dialog: no dialog stands at %s", s.Phase)
	default:
		return State{}, fmt.Errorf("decode dialog: unknown phase %q", s.Phase)
	}
	if s.ID == "" || s.Version < 1 || s.Version > maxVersion {
		return State{}, fmt.Errorf("decode dialog: id %q at version %d", s.ID, s.Version)
	}
	return s.clone(), nil
}

func (s State) clone() State {
	s.Answers = maps.Clone(s.Answers)
	if s.Answers == nil {
		s.Answers = Answers{}
	}
	return s
}
