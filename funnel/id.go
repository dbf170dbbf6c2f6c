package funnel

import (
	"encoding/hex"
	"errors"
)

// ID names one thing in the database: a UUID of version 7 from an injected source.
// It is never used for order. The zero ID names nothing.
type ID [16]byte

// IDs is the source of new identifiers.
type IDs func() ID

// IsZero reports whether the identifier names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// String returns the usual form, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx in lower case.
func (id ID) String() string {
	var b [idLength]byte
	id.write(&b)
	return string(b[:])
}

const idLength = 36

func (id ID) write(b *[idLength]byte) {
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
}

// ParseID reads the form that [ID.String] writes.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != idLength || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, errBadID
	}
	plain := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	if _, err := hex.Decode(id[:], []byte(plain)); err != nil {
		return ID{}, errBadID
	}
	return id, nil
}

var errBadID = errors.New("not an identifier")

// MarshalText implements encoding.TextMarshaler, so identifiers are readable in stored JSON.
// The zero ID is the empty text.
func (id ID) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return []byte{}, nil
	}
	var b [idLength]byte
	id.write(&b)
	return b[:], nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = ID{}
		return nil
	}
	v, err := ParseID(string(b))
	if err != nil {
		return err
	}
	*id = v
	return nil
}
