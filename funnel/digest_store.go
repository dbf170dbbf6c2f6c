package funnel

import (
	"context"
	"time"
)

// Digests is what the database keeps of digests and counts for them.
type Digests interface {
	// DigestSettings returns the digests that are wanted of one workspace, or of all of them where it is
	// the zero ID. Those of members who no longer take part, and of chats that are gone or not internal,
	// are left out.
	DigestSettings(ctx context.Context, workspace ID) ([]DigestPlace, error)
	// DigestSetting returns the setting of a member, or of a chat where it is named, off or not, or nil.
	DigestSetting(ctx context.Context, workspace, member ID, chat ChatRef) (*DigestSetting, error)
	// LastDigest returns the last digest of a place that was owed, and of any place where the zero ID is
	// given, or nil.
	LastDigest(ctx context.Context, workspace, digest ID, before time.Time) (*DigestRun, error)
	// DigestOn returns what was owed to a place for a day, or nil.
	DigestOn(ctx context.Context, workspace, digest ID, on Date) (*Digest, error)
	// OweDigest stores the run, the days that were missed and the message in one transaction and reports
	// true, unless that day or a later one was counted before.
	OweDigest(ctx context.Context, r DigestRun, to DigestSetting, n Notification) (bool, error)
	// CountNews counts what a period brought, by when it was recorded, and how work stands at its end.
	CountNews(ctx context.Context, workspace ID, p Period) (NewsTable, error)
	// Advices returns what was decided about advice since a time, newest first.
	Advices(ctx context.Context, workspace ID, since time.Time) ([]Advice, error)
}

// DigestPlace is where a digest is wanted.
type DigestPlace struct {
	Workspace Workspace
	Setting   DigestSetting
	// Member is the zero Member for a chat.
	Member Member
}

// DigestRun is one digest that was owed.
type DigestRun struct {
	Workspace ID
	Digest    ID
	On        Date
	OwedAt    time.Time
	Facts     Digest
}

// NewsTable is what a digest counts beside the reports. Risks are not counted here.
type NewsTable struct {
	News DigestNews
	// Work is nil for a period that ends in the past.
	Work      *DigestWork
	Attention DigestAttention
	Outside   DigestGroup
}
