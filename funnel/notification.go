package funnel

// NoticeKind says what a message to somebody is about. Every kind has sentences in every language.
type NoticeKind string

// The kinds of notices.
const (
	// NoticeAssigned tells a member that a deal is theirs now.
	NoticeAssigned NoticeKind = "assigned"
	// NoticeStepDue tells an owner that a next step is due.
	NoticeStepDue NoticeKind = "step_due"
	// NoticeStepsDue tells an owner that several next steps are due.
	NoticeStepsDue NoticeKind = "steps_due"
	// NoticeWoken tells an owner that a parked deal is awake.
	NoticeWoken NoticeKind = "woken"
	// NoticeTransferred tells a member that everything of a colleague is theirs now. Data has "from",
	// the colleague's name, and the numbers "deals", "clients" and "steps".
	NoticeTransferred NoticeKind = "transferred"
	// NoticeTaken tells a member that a deal of theirs was given to somebody else. Data has "by", the
	// name of who did that.
	NoticeTaken NoticeKind = "taken"
	// NoticeHandedOver tells a member that everything of theirs is somebody else's now. Data has "to"
	// and "by", the names of the receiver and of who did it, and the numbers as of NoticeTransferred.
	NoticeHandedOver NoticeKind = "handed_over"
	// NoticePlan is the morning plan of a member. Data has "on", the day that it is for.
	NoticePlan NoticeKind = "plan"
	// NoticeQualifyWaiting reminds a member of an open qualification dialog, and NoticeQualifyEnded says
	// that it has ended with what was given kept. Data has "door", where the dialog stands, and the
	// numbers "given" of "of" questions.
	NoticeQualifyWaiting NoticeKind = "qualify_waiting"
	NoticeQualifyEnded   NoticeKind = "qualify_ended"
	// NoticeNudge asks an owner about a deal. Data has "by", the name of who asks. NoticeNudgeAnswer tells
	// whoever asked what the owner did with the deal afterwards: Data has "verb", "by", the owner's name, and
	// "text", what was written with it.
	NoticeNudge       NoticeKind = "nudge"
	NoticeNudgeAnswer NoticeKind = "nudge_answer"
	// NoticeWon and NoticeLost tell the team that a deal was closed.
	NoticeWon  NoticeKind = "won"
	NoticeLost NoticeKind = "lost"
	// NoticeCorrected tells the team what holds where an announcement was taken back. Data has "was",
	// the outcome that had been announced.
	NoticeCorrected NoticeKind = "corrected"
)

// NoticeKinds lists every kind.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{
		NoticeAssigned, NoticeStepDue, NoticeStepsDue, NoticeWoken, NoticeTransferred, NoticeTaken, NoticeHandedOver, NoticePlan,
		NoticeQualifyWaiting, NoticeQualifyEnded, NoticeNudge, NoticeNudgeAnswer, NoticeWon, NoticeLost, NoticeCorrected, NoticeDigest, NoticeAdvice,
		NoticeApplication, NoticeAdmitted, NoticeDeclined, NoticeUnreachable, NoticeDeparted,
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
	// Steps are the next steps that one message reminds of, where they are several; Deal is zero then.
	Steps []DueStep `json:"steps,omitempty"`
	// Held says that the message waits for its receiver outside of the outbox, where it would hold up
	// what is answered in the same chat. It is owed when the receiver may be told.
	Held bool `json:"-"`
}

// DueStep is a next step that is due, as it was when the reminder was written.
type DueStep struct {
	Deal   ID     `json:"deal"`
	Number int64  `json:"number"`
	What   string `json:"what,omitzero"`
	On     string `json:"on"`
}

// aboutMost is how many deals one message speaks of.
const aboutMost = 10

// About returns the deals that the message speaks of, to be read when it is put into words. Of many
// steps that are due at once the first are named.
func (n *Notification) About() []ID {
	if len(n.Steps) == 0 {
		if n.Deal.IsZero() {
			return nil
		}
		return []ID{n.Deal}
	}
	deals := make([]ID, 0, min(len(n.Steps), aboutMost))
	for _, s := range n.Steps[:min(len(n.Steps), aboutMost)] {
		deals = append(deals, s.Deal)
	}
	return deals
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
