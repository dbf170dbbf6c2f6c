package commands

import (
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Reply is what a request is answered with: data, no sentences. The set is closed; package message
// composes every kind in every language.
type Reply interface{ reply() }

func (Card) reply()           {}
func (Changed) reply()        {}
func (Deals) reply()          {}
func (Company) reply()        {}
func (Today) reply()          {}
func (Question) reply()       {}
func (Cancelled) reply()      {}
func (Refused) reply()        {}
func (Help) reply()           {}
func (Members) reply()        {}
func (Settled) reply()        {}
func (FunnelReport) reply()   {}
func (Owners) reply()         {}
func (Activities) reply()     {}
func (Qualifications) reply() {}
func (Sequence) reply()       {}
func (Aside) reply()          {}
func (Unread) reply()         {}
func (Invited) reply()        {}
func (Stranger) reply()       {}
func (Admitted) reply()       {}
func (Granted) reply()        {}
func (Connection) reply()     {}
func (Circles) reply()        {}
func (Workspaces) reply()     {}
func (Transferred) reply()    {}
func (Qualified) reply()      {}
func (Paused) reply()         {}
func (Asking) reply()         {}
func (Committee) reply()      {}
func (Person) reply()         {}
func (Forgotten) reply()      {}
func (Plans) reply()          {}
func (PlanSet) reply()        {}
func (Bottleneck) reply()     {}
func (Stuck) reply()          {}
func (Forecast) reply()       {}
func (Behind) reply()         {}
func (Trend) reply()          {}
func (Digest) reply()         {}
func (DigestSet) reply()      {}
func (AdviceDecided) reply()  {}
func (Nudged) reply()         {}
func (Snoozed) reply()        {}
func (Review) reply()         {}

// Card shows one deal.
type Card struct {
	Deal   funnel.DealView
	Offers []Offer
}

// Changed says what a change has done.
type Changed struct {
	funnel.Changed
	// OwnerName is the name of the owner now.
	OwnerName string
	// OwnerAway is the day on which an owner is back who is away, for a change that gave the deal.
	OwnerAway funnel.Date
	// By is the name of the member who did it, where others than he or she see the answer.
	By     string
	Offers []Offer
}

// DealsTitle says what a list of deals shows.
type DealsTitle struct {
	List funnel.DealList
	// Stage and Owner narrow the list; Words are what was searched for.
	Stage     funnel.StageKey
	OwnerName string
	Words     string
}

// Deals is one page of a list.
type Deals struct {
	Title DealsTitle
	Deals []funnel.DealView
	// Offset is how many stand before this page, Total how many there are.
	Offset, Total int
	// Offers turn the page; each deal has its own button to be shown.
	Offers []Offer
}

// Company shows a client firm with its deals.
type Company struct {
	Company funnel.CompanyView
	Offers  []Offer
}

// Today is a member's plan: what is due, what has no step, what is stuck.
type Today struct {
	Name   string
	Due    []PlanItem
	NoStep []PlanItem
	Stuck  []PlanItem
	// More counts what did not fit, per list.
	MoreDue, MoreNoStep, MoreStuck int
}

// PlanItem is a deal of the plan with what can be done about it at once.
type PlanItem struct {
	Deal   funnel.DealView
	Offers []Offer
}

// Question asks for what is missing, or shows the answers for confirmation.
type Question struct {
	Outcome dialog.Outcome
	// Verb is what the answers are for.
	Verb Key
	// Deal is what it is about, once that is known.
	Deal *funnel.DealView
	// Stale says that a button of an older question was pressed; what stands now is shown.
	Stale bool
	// Again says that the question is shown again after something in between.
	Again bool
	// Command is what was typed where it was no answer and reads like a command: with a slash in
	// front it would have been one.
	Command string
	// Offers do what was typed as a command, in a chat of one person.
	Offers []Offer
	// Company is the name that a list of likely duplicates is about.
	Company string
	// Clip is what was handed over and is to be logged.
	Clip *Clip
	// Person is the name of somebody at the client whom the question is about.
	Person string
	// Section is the key of the section of the qualification that the question belongs to.
	Section string
	// From is the door where the dialog stood that is gone on with here, for the first question here.
	From string
}

// Cancelled says that a dialog ended without an effect.
type Cancelled struct {
	Verb Key
	// Declined says that it was only an offer, below a change that stands.
	Declined bool
	// Deal is what it was about where answers were kept: Kept of Of questions have one.
	Deal     *funnel.DealView
	Kept, Of int
	Offers   []Offer
}

// Refused says what was wrong and what to do about it.
type Refused struct {
	Err *funnel.Error
	// Deal is the deal as it stands, where that explains the refusal.
	Deal   *funnel.DealView
	Offers []Offer
}

// Help explains a verb, or lists all of them.
type Help struct {
	// Topic is empty for the list.
	Topic Key
	Verbs []Verb
}

// Members lists the people of the workspace.
type Members struct{ Members []funnel.Member }

// Settled says that a setting of a member has changed.
type Settled struct {
	funnel.Settled
	// Own is set where people changed their own settings.
	Own    bool
	Offers []Offer
}

// Activities shows what was done by week, owner and stage.
type Activities struct {
	Report funnel.ActivityReport
	Ways
	Offers []Offer
}

// Qualifications shows how much is qualified, how much of it fits, and which answers go with winning.
type Qualifications struct {
	Report funnel.QualificationReport
	Ways
	Offers []Offer
}

// Sequence is several replies, one below the other: a change and the question that follows.
type Sequence struct{ Replies []Reply }

// Aside is the answer to a command in the middle of a dialog, with the way back to the question.
type Aside struct {
	Reply Reply
	// Verb and Deal say what the open question is about; Back is the action that shows it again.
	Verb Key
	Deal *funnel.DealView
	Back string
}

// Unread says which words were not understood, below the answer to the others.
type Unread struct{ Words string }

// Offer is something to press. Its label is the sentence "button." + Label.
type Offer struct {
	Label  string
	Action string
	// Stage or Name fills the label where it speaks of one. Where On is not zero, Name is that day.
	Stage funnel.StageKey
	Name  string
	On    funnel.Date
}

// LabelKeys lists every label that an offer may have, for the tests of the texts.
func LabelKeys() []string {
	return []string{
		"show", "move", "won", "lost", "log", "next", "done", "undo", "reopen", "open_new", "more", "previous",
		"did_you_mean", "do_it", "park", "resume", "set_amount", "help",
		"apply", "approve_rep", "approve_manager", "decline", "internal", "outsiders", "announce_on", "announce_off", "connect",
		"circle_remove", "workspace", "transfer_from", "remove_member",
		"today", "list_of", "away", "am_back", "plan_on", "plan_off", "quiet_on", "quiet_off",
		"qualify", "qualify_again", "go_on", "go_on_here", "propose_move", "propose_lost", "propose_park",
		"people", "person", "add_person", "roles", "stance", "initiator", "unseat", "forget",
		"plan", "set_plan", "why", "behind_stage",
		"behind_entered", "behind_advanced", "behind_back", "behind_lost", "behind_open", "behind_wins", "behind_losses",
		"snooze", "snooze_off", "review_alive", "review_move", "review_park", "review_lost", "review_skip", "nudge",
		"digest_at", "digest_off", "accept_advice", "decline_advice", "list_stuck", "list_nostep",
	}
}
