package funnel

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"
)

// Import judges history that happened elsewhere. It turns the rows of one deal, in the order of
// time, into commands, and lets [Decide] judge each; the store brings the rows and keeps what they
// come to. It holds no state between deals, so that any number of them can be judged at once.
type Import struct {
	ImportConfig
	now time.Time
}

// ImportConfig says how an import is judged. Workspace, Funnels, Clock and IDs are required.
type ImportConfig struct {
	Workspace Workspace
	Funnels   func(Kind) *Funnel
	Clock     func() time.Time
	IDs       IDs
	// CreateOwners makes members, with the role of a rep and no way to sign in, of owners that
	// nobody knows. Otherwise their names become the custom field [CustomOwner].
	CreateOwners bool
	// DryRun judges everything and stores nothing.
	DryRun bool
	// Progress is told from time to time how many rows were staged and judged; it may be nil.
	Progress func(ImportProgress)
	// Rejected is given every row that cannot be used; it may be nil. An error stops the import.
	// Rows that differ from a known deal are handed out, too, marked as notes.
	Rejected func(*RowError) error
}

// CustomOwner is the custom field with the name of an owner who is no member.
const CustomOwner = "owner"

// NewImport returns an import as of the clock's present.
func NewImport(c ImportConfig) *Import { return &Import{ImportConfig: c, now: c.Clock().UTC()} }

// Names finds what rows call by name.
type Names interface {
	// Company returns the company of the same [NameKey], or c under a new identifier.
	Company(c Company) Company
	// Member returns the member of the name, or the zero Member.
	Member(name string) Member
}

// MaxImportRows is the number of rows of one deal that are judged; a deal with more is no deal but
// a wrong column, and would have to be held in memory.
const MaxImportRows = 10_000

// Fold judges the rows of one deal. They come in the order of time, the row of the deal itself
// first; known is nil for a deal that the store has not seen.
func (im *Import) Fold(rows []ImportRow, known *KnownDeal, names Names) *Imported {
	f := im.fold(rows, known, names)
	if known != nil {
		// What the rows said when they were new is what they say now, whatever has become of the
		// deal meanwhile: those that were folded or rejected then are no news.
		f.then = make(map[*ImportRow]verdict, len(rows))
		trial := im.fold(rows, nil, names)
		trial.stands = known
		trial.run(rows, func(r *ImportRow, v verdict) { f.then[r] = v })
	}
	f.run(rows, func(*ImportRow, verdict) {})
	return f.out
}

func (im *Import) fold(rows []ImportRow, known *KnownDeal, names Names) *fold {
	f := &fold{im: im, names: names, known: known, out: &Imported{}, seen: make(map[string]int, len(rows))}
	f.out.Moves, f.out.Spells = make([]Move, 0, len(rows)+1), make([]Spell, 0, len(rows)+1)
	if known != nil {
		f.out.Before, f.out.After = known.State, known.State
	}
	f.about(rows)
	for i := range rows {
		f.listed = f.listed || rows[i].Kind == ImportMove
	}
	return f
}

// verdict is what became of a row: it was folded, or rejected, or neither.
type verdict struct {
	folded   bool
	rejected *RowError
}

// run judges the rows one by one.
func (f *fold) run(rows []ImportRow, tell func(*ImportRow, verdict)) {
	for i := range rows {
		r := &rows[i]
		folded, rejected := f.out.Folded, len(f.out.Rejected)
		switch was := f.then[r]; {
		case f.funnel() == nil:
			f.reject(r, Refuse(CodeBadValue, Args{"field": "kind", "value": string(f.facts.kind())}))
		case was.folded:
			f.pass(r)
			f.out.Folded++
		case was.rejected != nil:
			f.pass(r)
			f.out.Rejected = append(f.out.Rejected, was.rejected)
		case r.Kind == ImportDeal:
			f.deal(r)
		case r.Kind == ImportMove:
			f.move(r)
		case r.Kind == ImportActivity:
			f.activity(r)
		}
		v := verdict{folded: f.out.Folded > folded}
		if len(f.out.Rejected) > rejected {
			v.rejected = f.out.Rejected[rejected]
		}
		tell(r, v)
	}
	f.finish()
}

// fold is the rows of one deal on their way through Decide.
type fold struct {
	im    *Import
	names Names
	known *KnownDeal
	// stands is the deal as it is kept while its rows are judged as if it were new: what they leave
	// out is taken from it.
	stands *KnownDeal
	// then is what became of the rows when the deal was new; nil while it is.
	then map[*ImportRow]verdict
	out  *Imported
	// facts are what is known of the deal besides its moves.
	facts *ImportedDeal
	head  *ImportRow
	last  *ImportRow
	seen  map[string]int
	// listed says that the moves come as rows of their own.
	listed bool
}

// pass remembers a row that is not judged again.
func (f *fold) pass(r *ImportRow) {
	f.again(f.key(r))
	if r.Kind == ImportMove {
		f.last = r
	}
}

// about finds the facts of the deal: those of its own row, else of the first that has any.
func (f *fold) about(rows []ImportRow) {
	for i := range rows {
		if rows[i].Deal != nil {
			f.facts = rows[i].Deal
			break
		}
	}
	if f.facts == nil {
		f.facts = &ImportedDeal{}
	}
}

func (f *fold) funnel() *Funnel {
	if deal := &f.out.After.Deal; deal.Version > 0 {
		return f.im.Funnels(deal.Kind)
	}
	return f.im.Funnels(f.facts.kind())
}

// decide runs commands that stand or fall together, and reports whether they stand.
func (f *fold) decide(r *ImportRow, cmds ...Command) bool {
	e := &Env{
		Workspace: f.im.Workspace, Funnel: f.funnel(), Now: f.im.now, Origin: FromImport, NewID: f.im.IDs,
		RecordedAt: r.RecordedAt,
	}
	if r.Actor != "" {
		e.Actor = f.names.Member(r.Actor)
	}
	d, err := Decide(e, f.out.After, cmds...)
	if err != nil {
		f.reject(r, err)
		return false
	}
	f.out.absorb(&d)
	return true
}

func (f *fold) reject(r *ImportRow, err error) {
	f.out.Rejected = append(f.out.Rejected, r.Refused(err, f.im.Workspace.Location()))
}

// fresh reports whether a row with the key was not seen before: neither by the store nor here.
func (f *fold) fresh(key string, known func(*KnownDeal) map[string]bool) bool {
	return f.known == nil || !known(f.known)[key]
}

// key returns what identifies a row within its deal. Rows of a source that gives them no
// identifier are known by what they say; the second that says the same is another one.
func (f *fold) key(r *ImportRow) string {
	if r.Key != "" {
		return r.Key
	}
	sum := sha256.Sum256([]byte(string(r.Kind) + r.At.UTC().Format(time.RFC3339Nano) + "\x00" + r.Said))
	return "~" + base64.RawURLEncoding.EncodeToString(sum[:9])
}

// again counts the rows under a key, and returns the key with its number from the second on.
func (f *fold) again(key string) (string, int) {
	f.seen[key]++
	n := f.seen[key]
	if n == 1 {
		return key, 1
	}
	return key + "#" + strconv.Itoa(n), n
}
