package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestActivitiesAreCountedByWeekPersonStageAndKind(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	log := func(kind funnel.ActivityKind, stage funnel.StageKey) {
		t.Helper()
		s.done(s.service.Log(t.Context(), s.next(), deal, funnel.Report{Activity: funnel.LogActivity{Kind: kind}, Stage: stage}))
	}
	log(funnel.Call, "")
	s.advance(time.Hour)
	log(funnel.Call, "proposal")
	s.advance(time.Hour)
	log(funnel.Demo, "")
	s.advance(time.Minute)
	known := s.now()
	s.advance(time.Minute)
	s.undo()
	s.advance(7 * day)
	log(funnel.Email, "")
	s.lose(deal, "price")
	s.advance(time.Hour)
	log(funnel.Note, "")
	late := funnel.LogActivity{Kind: funnel.Meeting, At: s.now().Add(-6 * day)}
	s.done(s.service.Log(t.Context(), s.next(), deal, funnel.Report{Activity: late}))
	row := func(week string, stage funnel.StageKey, kind funnel.ActivityKind, n int) funnel.ActivityCount {
		return funnel.ActivityCount{Week: week, Owner: s.member.ID, Name: "Anna", Stage: stage, Kind: kind, Count: n}
	}

	require.Equal(t, []funnel.ActivityCount{
		row("2026-W48", "lead", funnel.Call, 2), row("2026-W48", "proposal", funnel.Demo, 1),
	}, s.activities(known))
	require.Equal(t, []funnel.ActivityCount{
		row("2026-W48", "lead", funnel.Call, 2), row("2026-W48", "proposal", funnel.Meeting, 1),
		row("2026-W49", "", funnel.Note, 1), row("2026-W49", "proposal", funnel.Email, 1),
	}, s.activities(time.Time{}))
}

func TestImportedActivitiesAreThoseOfTheOwner(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	act := funnel.Act{Workspace: s.space.ID, Event: "row", Origin: funnel.FromImport}
	s.done(s.service.Log(t.Context(), act, deal, funnel.Report{
		Activity: funnel.LogActivity{Kind: funnel.Call, At: s.now().Add(-day)},
	}))

	require.Equal(t, []funnel.ActivityCount{
		{Week: "2026-W47", Owner: s.member.ID, Name: "Anna", Kind: funnel.Call, Count: 1},
	}, s.activities(time.Time{}), "before its beginning the deal was in no stage")
}

func TestAnActivityStandsInTheStageThatWasKnown(t *testing.T) {
	t.Parallel()
	s := tell(t)
	deal := s.begin(funnel.OpenDeal{})
	s.advance(day)
	s.done(s.service.Log(t.Context(), s.next(), deal, funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Call}}))
	known := s.now()
	s.advance(time.Hour)
	moved := funnel.MoveTo{Stage: "proposal", At: known.Add(-time.Hour)}
	s.done(s.service.Move(t.Context(), s.next(), deal, moved))

	require.Equal(t, funnel.StageKey("lead"), s.activities(known)[0].Stage)
	require.Equal(t, funnel.StageKey("proposal"), s.activities(time.Time{})[0].Stage)
}
