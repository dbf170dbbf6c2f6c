package funnel

import (
	"context"
	"time"
)

// Admissions changes who may speak where that is asked before anybody is known.
type Admissions interface {
	// Admit is one unit of work about somebody who wants to be let in. The identity, the code and
	// the members concerned are locked, so that rivals come one after the other; decide is pure and
	// may be called more than once. What it returns is stored wholly or not at all, also where
	// it says that somebody was refused.
	Admit(ctx context.Context, k Knock, decide func(*Entry) (*Entrance, error)) error
	// Another stores one more hash of an invitation that was not used yet. It reports false
	// where the invitation is used up or has expired.
	Another(ctx context.Context, workspace, invitation ID, hash CodeHash) (bool, error)
	// Choose prefers a workspace among those of an identity, and reports false where the identity
	// is none of its active members.
	Choose(ctx context.Context, who Identity) (bool, error)
	// Suspend stops an identity from speaking until it is admitted again, and stores the audit record
	// where it could speak before. What waits for its member goes where the member can be reached.
	Suspend(ctx context.Context, who Identity, c Change) error
	// Dismiss does that to every identity of the member, where this one could speak before, makes codes
	// for the member worthless and owes the other admins [NoticeDeparted]. What waits for the member waits
	// for the day of coming back.
	Dismiss(ctx context.Context, who Identity, c Change) error
}

// Knock is somebody at a door who wants to be let in, by a code or to a workspace.
type Knock struct {
	Caller Caller
	// Workspace is zero where the code tells.
	Workspace ID
	Code      CodeHash
}

// Invitation is what is kept of a code.
type Invitation struct {
	ID        ID
	Workspace ID
	// Kind is one of the Kind constants.
	Kind string
	Hash CodeHash
	Role Role
	// Member is whom the code is for; zero where it is for somebody new.
	Member ID
	// MadeBy is zero for the command line.
	MadeBy  ID
	Expires time.Time
	UsedAt  time.Time
	// UsedDoor and UsedBy are the identity that used it, and Admission what it got, as JSON.
	UsedDoor  string
	UsedBy    string
	Admission []byte
}

// The kinds of codes.
const (
	KindInvite = "invite"
	KindLink   = "link"
)

// Guesses are the wrong codes of an identity since a time.
type Guesses struct {
	Since time.Time
	Wrong int
	// Last is the hash of the last one.
	Last CodeHash
}

// Entry is what is known of somebody who wants to be let in. What is not there is nil.
type Entry struct {
	// Workspace is the one that was asked for or that the code is of; zero if there is none.
	Workspace Workspace
	// Installed is the workspace to which the team of the caller is tied.
	Installed  ID
	Guesses    Guesses
	Invitation *Invitation
	// Maker made the code, and Kept is the member whom it is for.
	Maker *Member
	Kept  *Member
	// Known is the member whom the identity is already; Suspended says that the identity must not
	// speak.
	Known     *Member
	Suspended bool
	// Admins counts the active admins; Reached are those among them whom a door knows.
	Admins  int
	Reached int
	// Deals are the open deals and clients of Known where Kept is somebody else.
	Deals []DealState
	// Application is the last one of the identity.
	Application *Application
}

// Entrance is what follows for somebody who wanted to be let in.
type Entrance struct {
	// Guesses are kept where they are not nil.
	Guesses *Guesses
	// Used is the admission, as JSON, for which the invitation is used up; nil leaves it.
	Used []byte
	Seat *Seat
	// Absorbed is a member who is the same person as the one of the seat, as stored afterwards: all
	// identities and what waits for the member go to that one. Deals are their deals.
	Absorbed *Member
	Deals    []Decision
	// Changes are the audit records.
	Changes     []Change
	Application *Application
	// Tell is owed to every active admin.
	Tell *Notification
	// Refused is returned after everything was stored.
	Refused *Error
}

// Seat makes an identity a member.
type Seat struct {
	Member Member
	// New members are stored; of others role and activity are.
	New    bool
	Caller Caller
	// By is how it came; see the Admitted constants.
	By string
}

// Letter is a notification to a destination that is known already.
type Letter struct {
	Notification
	Lane   string
	Locale Locale
}

// ChatRef names a chat of a door.
type ChatRef struct{ Door, External string }

// AccessWrites is what a unit of work changes of who may speak and where.
type AccessWrites struct {
	Invitation *Invitation
	// Revoke makes the unused codes for a member worthless, and nothing is owed to the member any more.
	Revoke ID
	// Chat is connected or replaced, and Disconnect forgotten with what is still owed to it.
	Chat       *Chat
	Disconnect ChatRef
	Circle     *Circle
	// Forbid is a circle whose members are to be asked for again.
	Forbid *Circle
	// Application replaces the one of the same code.
	Application *Application
	Seat        *Seat
	Letters     []Letter
}

// AccessReads says what a unit of work has to see of who may speak and where.
type AccessReads struct {
	// Known asks whether a door knows the Subject.
	Known bool
	// Application is the code of one; it is read with the member whom the applicant is already.
	Application string
	Chat        ChatRef
}

// AccessSnapshot is what a unit of work saw of who may speak and where.
type AccessSnapshot struct {
	Known       bool
	Application *Application
	// Applicant is the member whom the applicant is already; Suspended says that the identity must
	// not speak.
	Applicant *Member
	Suspended bool
	// Chat is the chat that was asked for, whosever it is.
	Chat *Chat
}
