package funnel

import (
	"context"
	"time"
)

// Store is what the core needs of a database.
type Store interface {
	Tx
	Reader
	Directory
	Access
	Admissions
	Notices
	Reports
	Quotas
	Behinds
	Digests
	Nudges
}

// Tx runs units of work.
type Tx interface {
	// Change is one unit of work in two trips: the first begins, locks and reads what reads names,
	// the second writes what decide made of it and commits. If the key was used before with the
	// same intent, decide is not called and what was stored under it is returned; with another
	// intent the error is [CodeKeyReused]. A connection that breaks is answered by running the
	// unit again under its key, so decide may be called more than once and must be pure.
	// When the database does not answer within the budget the error is [CodeUnavailable].
	Change(ctx context.Context, workspace ID, key Key, reads Reads, decide func(*Snapshot) (*Writes, error)) (Stored, error)
	// Kept returns what is kept under the key, or the zero Stored; with another intent the error is
	// [CodeKeyReused].
	Kept(ctx context.Context, workspace ID, key Key) (Stored, error)
}

// Key makes a delivery of the same event repeatable without a second effect.
type Key struct {
	// Event identifies the delivery within the workspace, such as a platform's own identifier.
	Event string
	// Intent is the hash of what was asked for.
	Intent [32]byte
}

// Reads says what a unit of work has to see.
type Reads struct {
	Actor ID
	// Talk is the conversation that the act is part of. Unless it is stored as TalkWas, the zero Session
	// for one that is not stored, nothing is done and the error is [ErrSessionMoved]. Without a place
	// nothing is asked for.
	Talk    SessionKey
	TalkWas Session
	// Deal is locked and read with its open spell and its company; by Number where Deal is zero.
	Deal   ID
	Number int64
	// CompanyKey asks for a company by its [NameKey], CompanyID by its identifier.
	CompanyKey string
	CompanyID  ID
	// Subject is a member that is locked; Admins counts the active admins.
	Subject ID
	Admins  bool
	// Change is an audit record to take back.
	Change ChangeRef
	Access AccessReads
	// People asks for the committee of the deal and the contacts of its company, Answers for what is
	// known by qualification and the last one. Of is a deal that is locked and whose committee is
	// read for a new deal to start with.
	People  bool
	Answers bool
	// Contacts asks for the contacts of the deal's company without the committee.
	Contacts bool
	Of       ID
	// Asking is the identifier of a dialog that is locked; AskingOf asks for the open dialog of the
	// actor about the deal instead.
	Asking   string
	AskingOf bool
	// Contact is a person who is locked.
	Contact ID
	// Quota is what a team is to win in a month; nil where nothing of it is needed.
	Quota *QuotaReads
	// Nudge asks for the last nudge about the deal.
	Nudge bool
}

// Snapshot is what a unit of work saw. What was not asked for, or is not there, is nil.
type Snapshot struct {
	Workspace Workspace
	// Actor is the zero Member for timed work.
	Actor   Member
	Deal    *DealState
	Company *Company
	Subject *Member
	Admins  int
	Change  *Change
	// Overtaken says that another change of the deal came after Change and stands.
	Overtaken bool
	Access    AccessSnapshot
	// Of is the deal of Reads.Of with its committee, and Renewal the number of the open deal that
	// renews it, or 0.
	Of      *DealState
	Renewal int64
	Asking  *Asking
	// Contact is the person of Reads.Contact, and Chairs in how many committees he or she has a place.
	Contact *Contact
	Chairs  int
	Quota   *QuotaSnapshot
	Nudge   *Nudge
}

// Writes is what a unit of work stores, wholly or not at all.
type Writes struct {
	// Deal is the decision about a deal, or nil.
	Deal *Decision
	// NewCompany is stored with a new deal unless a company of the same [NameKey] exists by then.
	NewCompany *Company
	// Member replaces the member of the same identifier.
	Member *Member
	// Notices are messages beside those of the deal.
	Notices []Notification
	// Change is the audit record, not kept where it has no version; Undone marks an earlier one
	// as taken back.
	Change Change
	Undone ChangeRef
	Access AccessWrites
	// Asking is stored under its identifier; AskingWas, where it is not empty, ends as taken.
	Asking    *Asking
	AskingWas string
	// Answers take the place of earlier ones to the same questions of the deal; NoAnswers are
	// questions whose answers are taken away.
	Answers   []Answer
	NoAnswers []string
	// AnswersOf is the deal of Answers and NoAnswers.
	AnswersOf ID
	// Contact replaces the person of the same identifier; Forget erases one everywhere.
	Contact *Contact
	Forget  *Forget
	// Quota takes the place of what was planned for its month.
	Quota *Quota
	// Digest replaces the setting of the same place, and Advice is stored.
	Digest *DigestSetting
	Advice *Advice
	// Nudge is stored, and Snooze replaces that of the actor for the deal.
	Nudge  *Nudge
	Snooze *Snooze
	// Talk is the conversation that goes on with what was done; nil where none does.
	Talk *TalkSave
	// Result is kept under the key.
	Result []byte
}

// Stored is what is kept under a key.
type Stored struct {
	Result []byte
	// Replayed says that the effect had happened before.
	Replayed bool
	// Number and Company are those of the deal that was opened, else zero.
	Number  int64
	Company ID
	// Talks are conversations that ended because they named somebody who is forgotten.
	Talks []SessionKey
}

// Reader answers questions without locking anything. Every answer belongs to one workspace.
type Reader interface {
	Askings
	// Workspace returns the settings of a workspace.
	Workspace(ctx context.Context, id ID) (Workspace, error)
	// Members returns the active members by name.
	Members(ctx context.Context, workspace ID) ([]Member, error)
	// Handles returns by which names and identifiers platforms know the active members.
	Handles(ctx context.Context, workspace ID) (map[ID][]string, error)
	// Deal returns the card of a deal, or nil: by identifier, or by number where id is zero.
	Deal(ctx context.Context, workspace, id ID, number int64) (*DealView, error)
	// Outline returns a deal with the names of its company and owner and nothing else, or nil.
	Outline(ctx context.Context, workspace, id ID) (*DealView, error)
	// SearchDeals returns the deals that the words may mean, best first.
	SearchDeals(ctx context.Context, workspace ID, words string, limit int) ([]Match, error)
	// SearchCompanies returns the companies that the words may mean, best first.
	SearchCompanies(ctx context.Context, workspace ID, words string, limit int) ([]CompanyMatch, error)
	// SearchContacts returns the people of clients whom the words may mean, best first.
	SearchContacts(ctx context.Context, workspace ID, words string, limit int) ([]ContactMatch, error)
	// Company returns a company with its deals, newest first, or nil.
	Company(ctx context.Context, workspace, id ID) (*CompanyView, error)
	// ListDeals returns one page of deals and the number of all.
	ListDeals(ctx context.Context, workspace ID, q DealQuery) ([]DealView, int, error)
	// LastDeal returns the deal that the member last changed since the time, or the zero ID.
	LastDeal(ctx context.Context, workspace, member ID, since time.Time) (ID, error)
	// LastChange returns the member's last change that stands and is no undo, or nil.
	LastChange(ctx context.Context, workspace, member ID) (*Change, error)
	// Due returns identifiers of deals whose reminder is due, or whose parking ends on or before
	// the day, over all workspaces, oldest first.
	Due(ctx context.Context, now time.Time, limit int) ([]DueDeal, error)
}

// DealView is a deal with the names that a card needs.
type DealView struct {
	Deal
	CompanyName string `json:"company_name"`
	OwnerName   string `json:"owner_name,omitzero"`
	// Recent are the last activities, newest first; only on a single card.
	Recent []Activity `json:"recent,omitempty"`
	// LastTouch is when the last activity happened.
	LastTouch time.Time `json:"last_touch,omitzero"`
	// Committee are the deal's people and Qualified its last qualification that stands, without the
	// answers; both only on a single card.
	Committee []ChairView `json:"committee,omitempty"`
	Qualified *Qualified  `json:"qualified,omitempty"`
}

// Match is a deal that words may mean.
type Match struct {
	DealView
	// Score is 1 for an exact or whole-word match and falls towards 0 with the difference.
	Score float64
}

// CompanyMatch is a company that words may mean.
type CompanyMatch struct {
	Company
	Score     float64
	OpenDeals int
}

// ContactMatch is a person of a client whom words may mean. Score is as that of [Match].
type ContactMatch struct {
	Contact
	// Company is the name of the person's company.
	Company string
	Score   float64
}

// CompanyView is a company with its deals.
type CompanyView struct {
	Company
	Contacts []Contact
	Deals    []DealView
}

// DealList names the lists that people ask for.
type DealList string

// The lists.
const (
	ListMine    DealList = "mine"
	ListTeam    DealList = "team"
	ListStage   DealList = "stage"
	ListStuck   DealList = "stuck"
	ListNoStep  DealList = "nostep"
	ListClosing DealList = "closing"
	ListClients DealList = "clients"
	// ListWon are all signed deals, also those that came as history.
	ListWon    DealList = "won"
	ListLost   DealList = "lost"
	ListParked DealList = "parked"
	// ListDue are deals whose next step is due on or before the day.
	ListDue DealList = "due"
)

// DealQuery asks for one page of a list.
type DealQuery struct {
	List  DealList
	Owner ID
	Stage StageKey
	// Today is the reader's day; Month its last day of the month for closing deals.
	Today  Date
	Funnel *Funnel
	// Now is when the ages of stuck deals are taken, and Stuck are the rules that say which are: those of
	// kinds and stages without one are not. [Service.ListDeals] fills both in.
	Now   time.Time
	Stuck []StuckRule
	// For leaves out the deals that the member has put off beyond Today; zero leaves out none.
	For    ID
	Offset int
	Limit  int
}

// DueDeal is a deal that timed work has to look at.
type DueDeal struct {
	Workspace ID
	Deal      ID
	Version   int64
	// Wake says that the parking ends; otherwise a reminder is due.
	Wake bool
}

// Directory knows workspaces and who their members are. Doors ask it before anything else.
type Directory interface {
	// Settle returns the workspace of w's name, which is stored with its first team if there is none.
	Settle(ctx context.Context, w Workspace, t Team) (Workspace, error)
	// Workspaces returns every workspace by name.
	Workspaces(ctx context.Context) ([]Workspace, error)
	// SignIn returns the member of an identity, who is stored as m if there is none.
	SignIn(ctx context.Context, who Identity, m Member) (Member, error)
}
