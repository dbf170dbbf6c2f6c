package commands_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// spoken are lines that people type, in no order that makes sense.
var spoken = []string{
	"new", "новая", "new Acme Anvils 12k", "новая ООО «Ромашка» 450к", "new Globex", "new Acme", "acme", "рамашка", "hjvfirf",
	"#1", "#2 proposal", "#3 negotiation", "acme nego", "ромашка предложение", "move", "двигай", "#1 launch", "#2 lead",
	"back #1", "back acme too early", "назад #2", "won #1", "выиграли ромашка 700к", "lost #2", "lost acme price", "проиграли",
	"park #1 in 2 weeks", "park #3", "отложи ромашка до 1 февраля", "reopen #1", "возобнови ромашка", "undo", "отмени",
	"log", "log #1 call", "лог ромашка звонок вчера, просят КП, 1.2 млн, след: пт", "log acme demo, next: send it", "next #1", "next",
	"next acme call on friday", "след ромашка обсудить 03/04", "done", "done #1 they agreed", "готово ромашка, след: позвонить",
	"set #1", "set #1 amount 2M eur", "set #2 closing 03/04", "set #1 source", "set acme region North", "поменяй #1 валюта usd",
	"assign #1 me", "assign #2 Boris", "назначь #1", "today", "сегодня", "list", "list team", "list stuck", "list clients",
	"список этап предложение", "list closing", "find anvls", "find", "company acme", "company", "help", "help log", "помощь двигай",
	"funnel", "funnel owners", "воронка", "funnel activity", "members", "role Boris rep", "role", "language", "language ru",
	"язык английский", "timezone Moscow", "часовой пояс", "yes", "да", "1", "2", "3", "12k", "a lot", "price", "дорого", "tomorrow",
	"вчера", "call them", "позвонить", "skip", "пропустить", "back", "назад", "cancel", "отмена", "?", "amount", "company", "",
	"/show #1", "/lost #1", "/new", "/отмени", "#0", "#99", "9999999999999999999999", "qwertyuiop", "ё", "new 12k", "won", "lost",
	"title", "источник", "basis", "per year", "в год", "once", "region", "Kazan", "closing", "domain", "acme.example", "pain", "#3", "№2",
	"new Acme Anvil 3k", "new Acmee Anvils", "новая Ромашкa 10к", "new Acme Tools 5k", "find acme", "find #1", "company Ромашка", "mvoe", "helo",
	"list mine", "list 2", "list stage proposal", "list Clara", "список Борис", "today Boris", "assign #1 Clarra", "assign acme @clara",
	"role Clara manager", "manager", "Asia/Yekaterinburg", "Lond", "timezone America", "acme", "ромашка", "Boris", "me", "call", "звонок", "email",
	"proposal", "launch", "lead", "in 2 weeks", "03/04", "yesterday", "new Anvils «north» 3k", "acme anvils, north", "log call", "log acme 5k",
	"transfer Boris to Clara", "transfer", "transfer me", "передай все Борису", "Clara", "away", "away until friday", "отпуск", "away off",
	"notify", "notify plan 8:30", "notify plan", "notify quiet", "8:30", "20-8", "off", "уведомления тихо с 22 до 7",
	"qualify", "qualify acme", "qualify #1", "квалифицируй ромашка", "qualify #2", "later", "позже", "done", "готово", "не знаю", "continue",
	"1, 3", "finance, legal", "90k", "20.12.2026", "Carla Stone", "Region", "save", "none", "planned",
	"people", "people acme", "люди ромашка", "people #1 Carla Stone decision maker supporter +1 555 0100", "people #1 Carla no decision maker",
	"люди ромашка Ольга Крылова, финансы, за", "people Carla", "people #1 Carla gone", "people #1 add", "люди #2 юрист", "people #1 Karla Stome",
	"plan", "plan 500k", "plan december off", "план на декабрь 5 млн", "plan december 10 eur", "bottleneck", "узкое место", "funnel stuck", "forecast",
	"прогноз", "why", "почему", "why proposal", "funnel owners why", "funnel why lead",
	"review", "разбор", "nudge acme", "snooze acme", "snooze acme off", "скрой acme до пятницы",
	"forget", "forget Carla", "забудь Ольгу", "renew", "renew #1", "продли ромашка",
	"<!channel> *bold* _x_", "'; DROP TABLE deals; --", "новая 'Кавычка\" 5к", "log #1 \u202eabc", "new \x1b[31mRed 5k", "$$$", "-1", "set #1 amount -5",
}

// walker is somebody who types and presses without a plan.
type walker struct {
	*office
	tb     testing.TB
	rng    *rand.Rand
	team   []funnel.Member
	shown  []shown
	words  *text.Catalog
	recent []commands.Ask
}

// shown is a button that was on somebody's screen.
type shown struct {
	offered
	member funnel.Member
	fresh  bool
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// TestWhateverIsTypedAndPressedGetsAReply lets three people go at the same deals at random: every
// request gets a reply that can be put into words of both languages, every button that was just
// offered is known, and what the rep may not do never happens.
func TestWhateverIsTypedAndPressedGetsAReply(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			words, err := text.Load()
			require.NoError(t, err)
			words.Fault = func(lang funnel.Locale, key string, err error) { t.Errorf("%s %s: %v", lang, key, err) }
			w := &walker{office: o, tb: t, rng: rand.New(rand.NewPCG(seed, 1)), words: words}
			w.team = []funnel.Member{o.anna, o.join(t, o.space, "Boris", funnel.Admin), o.join(t, o.space, "Clara", funnel.Rep)}
			for range 200 {
				w.step()
			}
			o.consistent(t)
		})
	}
}

func (w *walker) step() {
	w.advance(time.Duration(w.rng.IntN(120)) * time.Second)
	member := pick(w.rng, w.team)
	var a commands.Ask
	fresh := false
	switch n := w.rng.IntN(20); {
	case n == 0:
		w.start(w.tb)
		return
	case n == 1 && len(w.recent) > 0:
		a = pick(w.rng, w.recent)
	case n < 11 && len(w.shown) > 0:
		b := pick(w.rng, w.shown)
		if latest := w.shown[len(w.shown)-1]; w.rng.IntN(3) > 0 {
			b = latest
		}
		a, fresh = w.press(b.member, b.action), b.fresh
	default:
		a = w.ask(member, pick(w.rng, spoken))
	}
	if w.rng.IntN(4) == 0 {
		a.Door, a.Place, a.Forms = "slack", "there", 5
	}
	if strings.HasSuffix(a.Action, "~fill") {
		for _, step := range []string{"task", "cost_today", "others", "decider", "industry", "nothing"} {
			a.Fields = append(a.Fields, dialog.Field{Step: step, Text: pick(w.rng, spoken), Keys: pick(w.rng, [][]string{nil, {"finance"}, {"x", "y"}})})
		}
	}
	reply, reader, err := w.desk.Answer(w.tb.Context(), a)
	require.NoError(w.tb, err, "%q %q", a.Text, a.Action)
	require.NotNil(w.tb, reply, "%q %q", a.Text, a.Action)
	if fresh {
		require.NotEqual(w.tb, commands.CodeButtonUnknown, refusal(reply), "%q was offered", a.Action)
	}
	w.recent = append(w.recent, a)
	w.shows(a, reply)
	for _, lang := range []string{"en", "ru"} {
		doc := message.Compose(w.words.In(lang), reader, reply)
		require.NoError(w.tb, doc.Check(), "%q %q in %s: %s", a.Text, a.Action, lang, written(w.tb, reply))
	}
}

// shows puts the buttons of a reply on the screen of whoever asked.
func (w *walker) shows(a commands.Ask, reply commands.Reply) {
	member := w.team[0]
	for i, m := range w.team {
		if m.ID == a.Member {
			member = w.team[i]
		}
	}
	for i := range w.shown {
		if w.shown[i].member.ID == a.Member {
			w.shown[i].fresh = false
		}
	}
	for _, b := range actions(reply) {
		require.LessOrEqual(w.tb, len(b.action), message.MaxAction, b.action)
		require.NotEmpty(w.tb, b.action, b.label)
		w.shown = append(w.shown, shown{b, member, true})
	}
	w.rng.Shuffle(len(w.shown), func(i, j int) { w.shown[i], w.shown[j] = w.shown[j], w.shown[i] })
	if len(w.shown) > 40 {
		w.shown = w.shown[len(w.shown)-40:]
	}
}

// consistent holds the rows against each other.
func (o *office) consistent(tb testing.TB) {
	tb.Helper()
	for what, query := range map[string]string{
		"deals whose stage is not that of the last move": `deals d WHERE d.stage <> (
			SELECT m.to_stage FROM moves m WHERE m.workspace_id = d.workspace_id AND m.deal_id = d.id ORDER BY m.seq DESC LIMIT 1)`,
		"open deals without a stay": `deals d WHERE d.outcome = 'open' AND d.voided_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM spells s WHERE s.workspace_id = d.workspace_id AND s.deal_id = d.id AND s.left_at IS NULL AND s.voided_at IS NULL)`,
		"deals in two stays": `(SELECT deal_id FROM spells WHERE left_at IS NULL AND voided_at IS NULL
			GROUP BY deal_id HAVING count(*) > 1) AS twice`,
		"two open dialogs of a member about a deal": `(SELECT member_id, deal_id FROM dialogs WHERE ended_at IS NULL
			GROUP BY member_id, deal_id HAVING count(*) > 1) AS twice`,
		"deals with two initiators": `(SELECT deal_id FROM committee WHERE initiator GROUP BY deal_id HAVING count(*) > 1) AS twice`,
		"finished dialogs without a qualification": `dialogs g WHERE g.how = 'finished' AND NOT EXISTS (
			SELECT 1 FROM qualifications q WHERE q.workspace_id = g.workspace_id AND q.deal_id = g.deal_id)`,
		"members who rose": `members WHERE name = 'Clara' AND role <> 'rep' AND NOT EXISTS (SELECT 1 FROM changes WHERE verb = 'role')`,
	} {
		require.Zero(tb, o.count(tb, query), what)
	}
}
