package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// Where the dialogs of these tests stand.
const (
	inSlack    = "slack/D0ANNA"
	inTelegram = "telegram/7001"
)

// asks begins a dialog of the member about the deal.
func (o *office) asks(tb testing.TB, m funnel.Member, deal funnel.Target, dialog, place string) funnel.Asked {
	tb.Helper()
	r, err := o.StartAsking(tb.Context(), o.by(m), deal, funnel.StartAsking{Dialog: dialog, Place: place})
	require.NoError(tb, err)
	return r
}

// hears gives answers to a dialog of the member.
func (o *office) hears(tb testing.TB, m funnel.Member, deal funnel.Target, dialog, place string, answers ...funnel.Answer) funnel.Heard {
	tb.Helper()
	given := map[string]funnel.Given{}
	for _, a := range answers {
		given[a.Question] = a.Given
	}
	h, err := o.Answer(tb.Context(), o.by(m), funnel.GiveAnswers{Deal: deal.Deal, Dialog: dialog, Place: place, Given: given})
	require.NoError(tb, err)
	return h
}

// known are the answers of the deal by question.
func (o *office) known(deal funnel.Target) map[string]funnel.Given {
	known := map[string]funnel.Given{}
	for key, a := range o.deals[deal.Deal].answers {
		known[key] = a.Given
	}
	return known
}

// at sets the clock to a time in the zone of the office.
func (o *office) at(tb testing.TB, local string) {
	tb.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", local, zone(tb, o.space.Zone))
	require.NoError(tb, err)
	o.now = t.UTC()
}

// told are the kinds of messages to the member so far.
func (o *office) told(m funnel.Member) []funnel.NoticeKind {
	var kinds []funnel.NoticeKind
	for _, n := range o.notices {
		if n.To == m.ID {
			kinds = append(kinds, n.Kind)
		}
	}
	return kinds
}

// runs does what is due as two processes at once would, one after the other, and twice.
func (o *office) runs(tb testing.TB) int {
	tb.Helper()
	done := 0
	for range 3 {
		n, err := o.RunDue(tb.Context())
		require.NoError(tb, err)
		done += n
	}
	return done
}

func refused(tb testing.TB, err error, code funnel.Code, args funnel.Args) {
	tb.Helper()
	var e *funnel.Error
	require.ErrorAs(tb, err, &e)
	require.Equal(tb, code, e.Code)
	if args != nil {
		require.Equal(tb, args, e.Args)
	}
}

func TestAnAnswerIsKeptWithTheInputThatGaveIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	version := o.deals[deal.Deal].deal.Version
	asked := o.asks(t, o.boris, deal, "one", inSlack)
	require.Equal(t, o.deals[deal.Deal].deal.Number, asked.Deal.Number)
	require.Equal(t, "Ромашка", asked.Company.Name)
	require.Empty(t, asked.Answers)
	require.Empty(t, asked.From)

	o.wait(time.Minute)
	act := o.by(o.boris)
	act.Said = "stock-taking by phone"
	give := funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack, Given: map[string]funnel.Given{
		"task": text("task", "stock-taking by phone").Given, "pain": {}, "favourite_colour": text("", "red").Given,
		"budget_source": one("", "the moon").Given,
	}}
	first, err := o.Answer(t.Context(), act, give)
	require.NoError(t, err)
	require.Equal(t, map[string]funnel.Given{"task": give.Given["task"], "pain": {}}, o.known(deal),
		"what the funnel does not ask, or not so, is left out")
	require.Equal(t, o.now, o.deals[deal.Deal].answers["task"].At)
	require.Equal(t, o.boris.ID, o.deals[deal.Deal].answers["task"].Member)
	require.Equal(t, version, o.deals[deal.Deal].deal.Version, "buttons of the deal stay good")

	o.wait(time.Minute)
	again, err := o.Answer(t.Context(), act, funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack})
	require.NoError(t, err)
	require.Equal(t, first, again, "the same words under the key get the same answer")
	kept, err := o.Service.Kept(t.Context(), act)
	require.NoError(t, err)
	require.Equal(t, &first, kept.Heard)
	require.Nil(t, kept.Changed)
	act.Said = "something else"
	_, err = o.Answer(t.Context(), act, give)
	refused(t, err, funnel.CodeKeyReused, nil)

	_, err = o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{
		Deal: deal.Deal, Dialog: "one", Place: inSlack, Dropped: []string{"task"},
	})
	require.NoError(t, err)
	require.Equal(t, map[string]funnel.Given{"pain": {}}, o.known(deal))
}

func TestOnlyTheMemberOfADialogAnswersIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.asks(t, o.boris, deal, "one", inSlack)
	give := funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack}

	_, err := o.Answer(t.Context(), o.by(o.clara), give)
	refused(t, err, funnel.CodeQualifyEnded, nil)
	require.NoError(t, o.EndAsking(t.Context(), o.by(o.clara), funnel.EndAsking{Deal: deal.Deal, Dialog: "one", How: funnel.AskingCancelled}))
	_, err = o.Qualify(t.Context(), o.by(o.clara), deal, funnel.Qualify{Dialog: "one"})
	refused(t, err, funnel.CodeQualifyEnded, nil)
	_, err = o.Answer(t.Context(), funnel.Act{Workspace: o.space.ID, Event: "nobody"}, give)
	require.Error(t, err)

	_, err = o.Answer(t.Context(), o.by(o.boris), give)
	require.NoError(t, err, "what others try leaves it alone")
}

func TestADialogGoesOnInAnotherPlace(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.asks(t, o.boris, deal, "one", inSlack)
	begun := o.now
	o.hears(t, o.boris, deal, "one", inSlack, text("task", "stock-taking"))
	o.wait(time.Hour)

	act := o.by(o.boris)
	start := funnel.StartAsking{Dialog: "two", Place: inTelegram}
	r, err := o.StartAsking(t.Context(), act, deal, start)
	require.NoError(t, err)
	require.Equal(t, inSlack, r.From)
	require.Equal(t, begun, r.Asking.BegunAt)
	require.Len(t, r.Answers, 1)
	require.Equal(t, "task", r.Answers[0].Question)

	again, err := o.StartAsking(t.Context(), act, deal, start)
	require.NoError(t, err)
	require.Equal(t, r, again, "delivered twice")

	_, err = o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack})
	refused(t, err, funnel.CodeQualifyElsewhere, funnel.Args{"door": "telegram"})
	_, err = o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{Deal: deal.Deal, Dialog: "two", Place: inSlack})
	refused(t, err, funnel.CodeQualifyElsewhere, funnel.Args{"door": "telegram"})
	_, err = o.Qualify(t.Context(), o.by(o.boris), deal, funnel.Qualify{Dialog: "one"})
	refused(t, err, funnel.CodeQualifyElsewhere, funnel.Args{"door": "telegram"})
	open, err := o.OpenAsking(t.Context(), o.space.ID, o.boris.ID)
	require.NoError(t, err)
	require.Len(t, open, 1, "there is one at most")

	require.NoError(t, o.EndAsking(t.Context(), o.by(o.boris), funnel.EndAsking{Deal: deal.Deal, Dialog: "two", How: funnel.AskingCancelled}))
	_, err = o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack})
	refused(t, err, funnel.CodeQualifyEnded, funnel.Args{"how": "taken"})
	_, err = o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{Deal: deal.Deal, Dialog: "two", Place: inTelegram})
	refused(t, err, funnel.CodeQualifyEnded, funnel.Args{"how": "cancelled"})

	o.asks(t, o.clara, deal, "three", inSlack)
	back := o.asks(t, o.boris, deal, "four", inSlack)
	require.Empty(t, back.From, "what a colleague has open about the deal is the colleague's")
	require.Len(t, back.Answers, 1)
	same := o.asks(t, o.boris, deal, "four", inTelegram)
	require.Equal(t, inSlack, same.From)
	o.hears(t, o.boris, deal, "four", inTelegram)
}

func TestSilenceIsRemindedOfOnceAndThenEndsADialog(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.at(t, "2026-11-27 16:00") // a Friday
	o.asks(t, o.boris, deal, "one", inSlack)
	heard := o.hears(t, o.boris, deal, "one", inSlack, text("task", "stock-taking"))

	o.at(t, "2026-11-30 10:59") // the Monday after: 2 hours on Friday and almost 2 more
	require.Zero(t, o.runs(t))
	o.at(t, "2026-11-30 11:00")
	require.Equal(t, 1, o.runs(t))
	require.Equal(t, []funnel.NoticeKind{funnel.NoticeQualifyWaiting}, o.told(o.boris))
	n := o.notices[len(o.notices)-1]
	require.Equal(t, deal.Deal, n.Deal)
	require.Equal(t, o.deals[deal.Deal].deal.Number, n.Number)
	require.Equal(t, map[string]string{"door": "slack", "given": "1", "of": "17"}, n.Data)

	o.at(t, "2026-12-01 10:59")
	require.Zero(t, o.runs(t))
	o.at(t, "2026-12-01 11:00")
	require.Equal(t, o.now, heard.Until, "as was said")
	require.Equal(t, 1, o.runs(t))
	require.Equal(t, []funnel.NoticeKind{funnel.NoticeQualifyWaiting, funnel.NoticeQualifyEnded}, o.told(o.boris))
	o.wait(100 * 24 * time.Hour)
	require.Zero(t, o.runs(t))

	_, err := o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack})
	refused(t, err, funnel.CodeQualifyEnded, funnel.Args{"how": "silence"})
	require.Len(t, o.asks(t, o.boris, deal, "two", inSlack).Answers, 1, "what was given is kept")
}

func TestWhoAnswersAfterAReminderIsRemindedAnew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.at(t, "2026-11-24 09:00")
	o.asks(t, o.boris, deal, "one", inSlack)
	o.at(t, "2026-11-24 13:00")
	require.Equal(t, 1, o.runs(t))

	o.at(t, "2026-11-24 14:00")
	o.hears(t, o.boris, deal, "one", inSlack, text("task", "stock-taking"))
	o.at(t, "2026-11-24 17:59")
	require.Zero(t, o.runs(t))
	o.at(t, "2026-11-24 18:00")
	require.Equal(t, 1, o.runs(t))
	require.Equal(t, []funnel.NoticeKind{funnel.NoticeQualifyWaiting, funnel.NoticeQualifyWaiting}, o.told(o.boris))
}

func TestADialogThatIsSetAsideIsRemindedOfOnTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.at(t, "2026-11-27 09:00")
	o.asks(t, o.boris, deal, "one", inSlack)
	_, err := o.Answer(t.Context(), o.by(o.boris), funnel.GiveAnswers{Deal: deal.Deal, Dialog: "one", Place: inSlack, Pause: true})
	require.NoError(t, err)

	o.at(t, "2026-11-30 08:59")
	require.Zero(t, o.runs(t))
	o.at(t, "2026-11-30 09:00")
	require.Equal(t, 1, o.runs(t))
	require.Equal(t, []funnel.NoticeKind{funnel.NoticeQualifyWaiting}, o.told(o.boris))
}

func TestWhoIsAwayIsLeftAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.at(t, "2026-11-24 10:00")
	o.asks(t, o.boris, deal, "one", inSlack)
	_, err := o.SetAway(t.Context(), o.by(o.boris), funnel.Date{Year: 2026, Month: time.December, Day: 7})
	require.NoError(t, err)

	for _, at := range []string{"2026-11-24 14:00", "2026-11-25 09:00", "2026-12-06 12:00", "2026-12-07 08:59"} {
		o.at(t, at)
		o.runs(t)
		require.Empty(t, o.told(o.boris), at)
	}
	o.at(t, "2026-12-07 09:00")
	require.Equal(t, 1, o.runs(t))
	o.at(t, "2026-12-08 09:00")
	require.Equal(t, 1, o.runs(t))
	require.Equal(t, []funnel.NoticeKind{funnel.NoticeQualifyWaiting, funnel.NoticeQualifyEnded}, o.told(o.boris))
}

func TestQuietHoursDelayAReminder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	_, err := o.SetWishes(t.Context(), o.by(o.boris), funnel.Wishes{Quiet: "12:00-15:00"})
	require.NoError(t, err)
	o.at(t, "2026-11-24 09:00")
	o.asks(t, o.boris, deal, "one", inSlack)

	o.at(t, "2026-11-24 13:00")
	o.runs(t)
	o.at(t, "2026-11-24 14:59")
	o.runs(t)
	require.Empty(t, o.told(o.boris))
	o.at(t, "2026-11-24 15:00")
	o.runs(t)
	require.Equal(t, []funnel.NoticeKind{funnel.NoticeQualifyWaiting}, o.told(o.boris))
}

func TestADialogThatNobodyCanFinishEndsWithoutAWord(t *testing.T) {
	t.Parallel()
	for name, closes := range map[string]func(testing.TB, *office, funnel.Target){
		"lost": func(tb testing.TB, o *office, deal funnel.Target) {
			tb.Helper()
			_, err := o.Lose(tb.Context(), o.by(o.boris), deal, funnel.Lose{Reason: "price"})
			require.NoError(tb, err)
		},
		"won": func(tb testing.TB, o *office, deal funnel.Target) {
			tb.Helper()
			_, err := o.Win(tb.Context(), o.by(o.boris), deal, funnel.Win{})
			require.NoError(tb, err)
		},
		"the member left": func(_ testing.TB, o *office, _ funnel.Target) {
			gone := o.members[o.boris.ID]
			gone.Active = false
			o.members[gone.ID] = gone
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			deal := o.opened(t, "qualification")
			o.asks(t, o.boris, deal, "one", inSlack)
			o.hears(t, o.boris, deal, "one", inSlack, text("task", "stock-taking"))
			closes(t, o, deal)
			o.notices = nil

			o.wait(48 * time.Hour)
			require.Equal(t, 1, o.runs(t))
			require.Empty(t, o.notices)
			require.Equal(t, funnel.AskingSilence, o.circle.dialogs["one"].How)
			require.Len(t, o.known(deal), 1)
		})
	}
}

func TestAClosedDealIsNotQualifiedButKeepsAnswers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.asks(t, o.boris, deal, "one", inSlack)
	_, err := o.Lose(t.Context(), o.by(o.anna), deal, funnel.Lose{Reason: "price"})
	require.NoError(t, err)

	o.hears(t, o.boris, deal, "one", inSlack, text("task", "stock-taking"))
	require.Len(t, o.known(deal), 1)
	_, err = o.Qualify(t.Context(), o.by(o.boris), deal, funnel.Qualify{Dialog: "one"})
	refused(t, err, funnel.CodeDealLost, nil)
	_, err = o.StartAsking(t.Context(), o.by(o.boris), deal, funnel.StartAsking{Dialog: "two", Place: inSlack})
	refused(t, err, funnel.CodeDealLost, nil)
}

func TestAFunnelThatAsksNothingSaysSo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	o.plan.Qualification = nil

	_, err := o.StartAsking(t.Context(), o.by(o.boris), deal, funnel.StartAsking{Dialog: "one", Place: inSlack})
	refused(t, err, funnel.CodeNoQualification, nil)
	_, err = o.Qualify(t.Context(), o.by(o.boris), deal, funnel.Qualify{})
	refused(t, err, funnel.CodeNoQualification, nil)
}

func TestADialogThatFailsDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i, name := range []string{"a", "b", "c"} {
		r, err := o.Open(t.Context(), o.by(o.anna), funnel.OpenDeal{Company: funnel.Company{Name: name}, Owner: o.anna.ID})
		require.NoError(t, err)
		o.wait(time.Duration(i) * time.Minute)
		o.asks(t, o.boris, funnel.Target{Deal: r.Deal.ID}, name, inSlack)
	}
	o.circle.failing = "a"
	o.wait(10 * time.Hour)

	n, err := o.RunDue(t.Context())
	require.ErrorContains(t, err, "dialog a")
	require.Equal(t, 2, n)
	require.Len(t, o.told(o.boris), 2)

	o.circle.failing = ""
	require.Equal(t, 1, o.runs(t), "the next run tries it again")
	require.Len(t, o.told(o.boris), 3)

	o.circle.unavailable = true
	o.wait(24 * time.Hour)
	n, err = o.RunDue(t.Context())
	require.Equal(t, funnel.CodeUnavailable, funnel.CodeOf(err))
	require.Zero(t, n)
}
