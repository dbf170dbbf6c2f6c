package funnel

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// MaxSessionData is how many bytes of state one session may hold.
const MaxSessionData = 64 << 10

// Errors of a [Sessions] store. They are compared with errors.Is.
var (
	// ErrNoSession says that nothing is kept under the key, or that it has expired.
	ErrNoSession = errors.New("no such session")
	// ErrSessionMoved says that the session was saved by someone else since it was loaded.
	ErrSessionMoved = errors.New("session was changed meanwhile")
	// ErrSessionTooLarge says that the data exceeds [MaxSessionData].
	ErrSessionTooLarge = errors.New("session is too large")
)

// Session is the running state of one dialog of one person in one place.
type Session struct {
	// Data is opaque to the store, at most [MaxSessionData] bytes.
	Data []byte
	// Version counts the saves, from 1. Zero stands for a session that is not stored yet.
	Version int64
}

// Check reports why the session cannot be kept for ttl, or nil. Stores ask it before they write:
// [ErrSessionTooLarge], or an error about a version or a lifetime that no caller should pass.
func (s Session) Check(ttl time.Duration) error {
	switch {
	case len(s.Data) > MaxSessionData:
		return fmt.Errorf("%w: %d bytes of at most %d", ErrSessionTooLarge, len(s.Data), MaxSessionData)
	case s.Version < 0:
		return fmt.Errorf("session of negative version %d", s.Version)
	case ttl < time.Millisecond:
		return fmt.Errorf("session to be kept for %s, want a millisecond at least", ttl)
	}
	return nil
}

// SessionKey says whose dialog it is and where it is held.
type SessionKey struct {
	Workspace ID
	Member    ID
	// Place tells apart the conversations of one person: the chat or channel, in the words of its door.
	Place string
}

// Sessions keeps running dialogs. A store may lose what it holds at any moment; it must never
// mix two keys up, and must never overwrite a newer version with an older one.
type Sessions interface {
	// Load returns the session of the key, or [ErrNoSession].
	Load(ctx context.Context, key SessionKey) (Session, error)
	// Save stores data as the next version if s.Version is the version stored now
	// (zero: none is stored), and returns that next version. Otherwise it returns [ErrSessionMoved].
	// The session expires ttl after its last save.
	Save(ctx context.Context, key SessionKey, s Session, ttl time.Duration) (version int64, err error)
	// Delete removes the session of the key. Deleting nothing is no error.
	Delete(ctx context.Context, key SessionKey) error
}

// TalkSave is a conversation that is saved in the transaction of what was done in it, so that it goes
// on if and only if that has happened. It must be stored: where its version is another one by then,
// nothing is done and the error is [ErrSessionMoved].
type TalkSave struct {
	Key SessionKey
	// Session has the version that was loaded.
	Session
	// Life is how long it is kept after that.
	Life time.Duration
}

// Copies are copies of sessions whose truth lies in another store.
type Copies interface {
	// Keep takes note of a session that was saved in the other store, under the version that it has now.
	Keep(ctx context.Context, key SessionKey, s Session, life time.Duration)
	// Drop takes the copy of a session away that has ended in the other store, or that may have been
	// saved there. Where that fails, no copy is trusted until all of that time have expired.
	Drop(ctx context.Context, key SessionKey)
}

// SessionCache keeps copies of sessions whose truth lies in another store; see [Layered].
type SessionCache interface {
	// Load returns the copy of the key, or [ErrNoSession].
	Load(ctx context.Context, key SessionKey) (Session, error)
	// Put keeps s under its own version, unless the same or a newer version is kept already;
	// a late copy is dropped without an error. Version 1 begins a new session and always replaces.
	Put(ctx context.Context, key SessionKey, s Session, ttl time.Duration) error
	// Delete removes the copy of the key. Deleting nothing is no error.
	Delete(ctx context.Context, key SessionKey) error
}
