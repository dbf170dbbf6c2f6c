package funnel

import (
	"context"
	"errors"
	"time"
)

// Errors of a [Sessions] store. They are compared with errors.Is.
var (
	// ErrNoSession says that nothing is kept under the key, or that it has expired.
	ErrNoSession = errors.New("no such session")
	// ErrSessionMoved says that the session was saved by someone else since it was loaded.
	ErrSessionMoved = errors.New("session was changed meanwhile")
)

// Session is the running state of one dialog of one person in one place.
type Session struct {
	// Data is opaque to the store, at most 64 KiB.
	Data []byte
	// Version counts the saves, from 1. Zero stands for a session that is not stored yet.
	Version int64
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
