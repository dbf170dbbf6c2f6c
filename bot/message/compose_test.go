package message_test

import (
	"bytes"
	"context"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/local"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

var update = flag.Bool("update", false, "write the golden files anew")

// now is a Monday noon in the zone of the readers.
var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// desk is one reader with the door that they sit at.
type desk struct {
	*testing.T
	texts  *text.Catalog
	reader commands.Reader
}

// newDesk returns a desk at which a missing sentence or argument fails the test.
func newDesk(t *testing.T, l funnel.Locale) *desk {
	t.Helper()
	c, err := text.Load()
	require.NoError(t, err)
	c.Fault = func(lang funnel.Locale, key string, err error) { t.Errorf("%s: %s: %v", lang, key, err) }
	plan, err := definition.Default()
	require.NoError(t, err)
	plan = withPeople(plan)
	zone, err := time.LoadLocation("Europe/Moscow")
	require.NoError(t, err)
	return &desk{T: t, texts: c, reader: commands.Reader{Locale: l, Zone: zone, Now: now, Funnel: plan}}
}

func (d *desk) printer() *text.Printer { return d.texts.In(string(d.reader.Locale)) }

// composed is a reply in words that every door can render.
func (d *desk) composed(reply commands.Reply) message.Doc {
	d.Helper()
	doc := message.Compose(d.printer(), d.reader, reply)
	require.NoError(d, doc.Check())
	return doc
}

// seen is the message as somebody at a terminal reads it.
func (d *desk) seen(doc message.Doc) string {
	d.Helper()
	var out bytes.Buffer
	door := local.New(local.Config{
		Handle:  func(context.Context, bot.Request) (message.Doc, error) { return doc, nil },
		Printer: d.printer, Locale: d.reader.Locale,
		In: strings.NewReader("x\n"), Out: &out, Now: func() time.Time { return now },
		NewKey: func() string { return "k" }, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(d, door.Run(d.Context()))
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestEveryReplyReadsAsItShould(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		for file, cases := range replies(l) {
			t.Run(string(l)+"-"+file, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t, l)
				var all strings.Builder
				for _, c := range cases {
					doc := d.composed(c.reply)
					require.False(t, doc.IsZero(), c.name)
					all.WriteString("=== " + c.name + "\n" + d.seen(doc) + "\n")
				}
				golden(t, string(l)+"-"+file+".txt", all.String())
			})
		}
	}
}

func TestEveryNoticeReadsAsItShould(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		var all strings.Builder
		told := map[funnel.NoticeKind]bool{}
		for _, c := range notices(l) {
			doc := message.ComposeNotice(d.printer(), d.reader, c.notice, c.deal)
			require.NoError(t, doc.Check())
			told[c.notice.Kind] = true
			shown := "(nothing to say any more)\n"
			if !doc.IsZero() {
				shown = d.seen(doc)
			}
			all.WriteString("=== " + c.name + "\n" + shown + "\n")
		}
		for _, kind := range funnel.NoticeKinds() {
			require.True(t, told[kind], "no case tells of %s", kind)
		}
		golden(t, string(l)+"-notices.txt", all.String())
	}
}

// TestTheClosedSetIsCovered reads which types are replies from their declaration, so that a new one
// cannot be forgotten here, nor in the composer, which answers every case with words.
func TestTheClosedSetIsCovered(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "../../commands/reply.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var declared []string
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "reply" && fn.Recv != nil {
			if of, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				declared = append(declared, of.Name)
			}
		}
	}
	require.NotEmpty(t, declared)
	var covered []string
	for _, cases := range replies(funnel.English) {
		for _, c := range cases {
			covered = append(covered, reflect.TypeOf(c.reply).Name())
		}
	}
	slices.Sort(covered)
	slices.Sort(declared)
	require.Equal(t, declared, slices.Compact(covered))
}

func TestStrangersReadTheirRefusalsToo(t *testing.T) {
	t.Parallel()
	stranger := newDesk(t, funnel.English)
	stranger.reader = commands.Reader{}
	doc := stranger.composed(commands.Refused{Err: funnel.Refuse(funnel.CodeInactive, nil)})
	require.Contains(t, stranger.seen(doc), "You no longer take part")
}

// TestHostileWordsStayWords composes replies about things with names that are long, empty or strange.
func TestHostileWordsStayWords(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		reader := newDesk(t, l)
		for _, name := range []string{"", " ", strings.Repeat("ы", 200), "{{.x}} <b>*_`", "a\nb", "#42", "e\u0301"} {
			d := deal(l)
			d.CompanyName, d.Title, d.OwnerName, d.Next.What = name, name, name, name
			d.Signal, d.Pain, d.Effect, d.Source, d.Reason, d.Stage = name, name, name, name, name, funnel.StageKey(name)
			d.Custom = map[string]string{"key " + name: name}
			d.Recent = []funnel.Activity{{Kind: funnel.Note, Text: name, At: now}}
			was := d.Deal
			was.Title = "x"
			for _, reply := range []commands.Reply{
				commands.Card{Deal: d},
				commands.Changed{Changed: funnel.Changed{Verb: "set", Deal: d.Deal, Was: &was, Company: name}},
				commands.Deals{Deals: []funnel.DealView{d}, Total: 1, Title: commands.DealsTitle{List: funnel.ListMine, Words: name}},
				commands.Today{Due: []commands.PlanItem{{Deal: d}}, Name: name},
				commands.Company{Company: funnel.CompanyView{Company: funnel.Company{Name: "x" + name}, Deals: []funnel.DealView{d}}},
				commands.Refused{Err: funnel.Refuse(funnel.CodeStale, funnel.Args{"deal": int64(42)}), Deal: &d, Offers: []commands.Offer{
					{Label: "show", Action: "show:42:0", Name: name},
					{Label: "open_new", Action: "", Name: name},
					{Label: "open_new", Action: ">" + strings.Repeat("ы", 60), Name: name},
				}},
			} {
				reader.composed(reply)
			}
		}
	}
}
