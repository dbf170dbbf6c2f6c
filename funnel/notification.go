package funnel

// NoticeKind says what a message to somebody is about. Every kind has sentences in every language.
type NoticeKind string

// The kinds of notices.
const (
	// NoticeAssigned tells a member that a deal is theirs now.
	NoticeAssigned NoticeKind = "assigned"
	// NoticeStepDue tells an owner that a next step is due.
	NoticeStepDue NoticeKind = "step_due"
	// NoticeWoken tells an owner that a parked deal is awake.
	NoticeWoken NoticeKind = "woken"
)

// NoticeKinds lists every kind.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{
		NoticeAssigned, NoticeStepDue, NoticeWoken,
		NoticeApplication, NoticeAdmitted, NoticeDeclined, NoticeUnreachable,
	}
}

// Notification is a message that is owed to a member. It is stored in the transaction of the
// change that causes it, as data, and put into words when it is delivered.
type Notification struct {
	ID   ID         `json:"id"`
	Kind NoticeKind `json:"kind"`
	To   ID         `json:"to"`
	// Team says that the message is for the chats in which the workspace announces, not for a member.
	Team bool `json:"team,omitzero"`
	// Replaces is an earlier notice whose message this one takes the place of, where it was posted.
	Replaces ID                `json:"replaces,omitzero"`
	Deal     ID                `json:"deal"`
	Number   int64             `json:"number"`
	Actor    ID                `json:"actor,omitzero"`
	Data     map[string]string `json:"data,omitempty"`
}

// notify owes a member a message, unless it is history or the member's own doing.
func (d *Decision) notify(e *Env, kind NoticeKind, to ID, data map[string]string) {
	if e.Origin == FromImport || to.IsZero() || to == e.Actor.ID {
		return
	}
	d.Notices = append(d.Notices, Notification{
		ID: e.NewID(), Kind: kind, To: to, Deal: d.After.Deal.ID, Number: d.After.Deal.Number, Actor: e.Actor.ID, Data: data,
	})
}

func (d *Decision) tellOwner(e *Env, kind NoticeKind) { d.notify(e, kind, d.After.Deal.Owner, nil) }
