package funnel

import (
	"context"
	"time"
)

// Caller is somebody at a door, as the platform describes them.
type Caller struct {
	Door string
	// Team is the workspace of the platform, such as a Slack team; empty where it has none.
	Team string
	// External is the platform's identifier of the person.
	External string
	Name     string
	// Handle is the name after the @.
	Handle string
	Locale Locale
	// Zone is an IANA name; empty where the platform does not tell.
	Zone string
}

// Belonging is a workspace in which an identity is a member.
type Belonging struct {
	Workspace ID
	// Name is that of the workspace.
	Name   string
	Member ID
	Role   Role
	// AdmittedBy says how the identity came to be one; see the Admitted constants.
	AdmittedBy string
	// CheckedAt is when the platform last said that the person may still speak.
	CheckedAt time.Time
	// Gone says that nothing can be delivered to the identity, as far as is known.
	Gone bool
}

// How identities come to be members. Any other value is the platform's identifier of the circle
// whose member the person was.
const (
	AdmittedLocal      = "local"
	AdmittedInstaller  = "installer"
	AdmittedInvitation = "invitation"
	AdmittedLink       = "link"
	AdmittedApproval   = "approval"
)

// Notices about who may speak and who can be reached.
const (
	// NoticeApplication tells admins that somebody asks to be let in. Data has "code", "name",
	// "handle", which may be empty, and "door".
	NoticeApplication NoticeKind = "application"
	// NoticeAdmitted tells an applicant that they may speak now. Data has "role" and "workspace",
	// the name of the workspace.
	NoticeAdmitted NoticeKind = "admitted"
	// NoticeDeclined tells an applicant that they may not. Data has "workspace".
	NoticeDeclined NoticeKind = "declined"
	// NoticeUnreachable tells admins that nothing can be delivered to a person, "name", or to a chat,
	// "chat": one of the two is in Data, with "door" and the platform's "reason".
	NoticeUnreachable NoticeKind = "unreachable"
)

// Circle is a channel or a user group of a platform whose members may speak.
type Circle struct {
	Workspace ID
	Door      string
	External  string
	// Kind is [CircleChannel] or [CircleGroup].
	Kind  string
	Title string
}

// The kinds of circles.
const (
	CircleChannel = "channel"
	CircleGroup   = "group"
)

// Chat is a chat of several people that works with a workspace.
type Chat struct {
	Workspace ID
	Door      string
	External  string
	// Thread is the topic in which announcements are posted, where the chat has topics.
	Thread string
	Title  string
	// Internal chats are read by colleagues only. Amounts and contacts are never posted in others.
	Internal bool
	// Announces says that deals that are won and lost are told there.
	Announces bool
	// GoneAt is when the platform said that nothing can be posted there any more.
	GoneAt time.Time
}

// Application is somebody's wish to be let in.
type Application struct {
	Workspace ID
	// Code names it in buttons: at most 10 Latin letters and digits.
	Code    string
	Caller  Caller
	AskedAt time.Time
	// DecidedAt is zero while the application is open.
	DecidedAt time.Time
	Granted   bool
}

// Access is what the database knows of who may speak and where. Everything in it but the chats and
// circles of a workspace is asked before the workspace is known.
type Access interface {
	// Revision counts what changes about who may speak and where: while it stays the same, so do the
	// answers of Belongings, but for when somebody was checked or seen last, and those of Chat.
	Revision(ctx context.Context) (int64, error)
	// Belongings returns the workspaces in which the identity is an active member; the one that the
	// person chose last comes first.
	Belongings(ctx context.Context, door, external string) ([]Belonging, error)
	// Installed returns the workspace of a platform's team, or the zero ID.
	Installed(ctx context.Context, door, team string) (ID, error)
	// Install ties a platform's team to a workspace. A team that is tied already stays so; the
	// workspace to which it is tied is returned.
	Install(ctx context.Context, door, team string, workspace ID) (ID, error)
	// Chat returns a connected chat, or nil.
	Chat(ctx context.Context, door, external string) (*Chat, error)
	// Circles returns the circles of a workspace.
	Circles(ctx context.Context, workspace ID) ([]Circle, error)
	// Admins counts the active admins of a workspace whom a door knows.
	Admins(ctx context.Context, workspace ID) (int, error)
	// Applied reports whether somebody has asked to be let in and nobody has decided yet.
	Applied(ctx context.Context, who Caller, workspace ID) (bool, error)
	// Seen takes note that the identity is there: it can be reached again, and what waits for its
	// member in a lane without a door comes here.
	Seen(ctx context.Context, who Identity) error
	// Checked takes note that the platform was asked whether the person may still speak.
	Checked(ctx context.Context, who Identity) error
	// Unchecked returns the active identities of a door in a workspace that were checked before the time
	// last, or never, the oldest first.
	Unchecked(ctx context.Context, workspace ID, door string, since time.Time, most int) ([]Acquaintance, error)
	// Anchored returns the deal that a message of the bot is about, or the zero ID. It is noted when
	// the message arrives; see [Owed].
	Anchored(ctx context.Context, door, chat, message string, workspace ID) (ID, error)
	// Gone notes that nothing can be delivered to the lane any more, and owes the admins of the
	// workspace a message about it, the first time. The zero workspace stands for every one to
	// which the person or the chat belongs.
	Gone(ctx context.Context, workspace ID, lane, reason string) error
	// Moved notes that the platform calls a chat by another identifier now: what is owed to it,
	// and the chat itself, move along.
	Moved(ctx context.Context, door, from, to string) error
}
