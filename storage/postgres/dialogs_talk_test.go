package postgres_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
	"funnelbot/storage/memory"
)

// going answers a question and lets the conversation go on with it.
func (w *world) going(t *testing.T, s *funnel.Service, event string, deal funnel.ID, was funnel.Session, key funnel.SessionKey, data string) (funnel.Heard, error) {
	t.Helper()
	return s.Answer(t.Context(), w.act(event), funnel.GiveAnswers{
		Deal: deal, Dialog: "d1", Place: key.Place, Given: map[string]funnel.Given{"task": inWords(data)},
		Talk: func(h funnel.Heard) (*funnel.TalkSave, error) {
			require.True(t, h.Until.After(w.now()))
			return &funnel.TalkSave{
				Key: key, Session: funnel.Session{Data: []byte(data), Version: was.Version}, Life: time.Hour,
			}, nil
		},
	})
}

func TestAConversationIsSavedWithItsAnswerOrNeitherIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	talks := funnel.NewLayered(memory.NewSessions(w.now, 0), w.store.Sessions(), w.now, slog.New(slog.DiscardHandler))
	service := funnel.New(funnel.Config{Store: w.store, Funnels: w.service.Funnel, Clock: w.now, IDs: newID, Copies: talks})
	deal := w.open(t, "Ромашка").Deal
	key := funnel.SessionKey{Workspace: w.space.ID, Member: w.member.ID, Place: "slack/C1"}
	w.ask(t, service, "ask", "d1", key.Place, deal.ID)

	_, err := w.going(t, service, "a0", deal.ID, funnel.Session{Version: 1}, key, "no conversation is stored")
	require.ErrorIs(t, err, funnel.ErrSessionMoved)
	version, err := talks.Save(t.Context(), key, funnel.Session{Data: []byte("asked")}, time.Hour)
	require.NoError(t, err)

	heard, err := w.going(t, service, "a1", deal.ID, funnel.Session{Version: version}, key, "first")
	require.NoError(t, err)
	require.Equal(t, version, heard.Talk.Version)
	for _, s := range []funnel.Sessions{talks, w.store.Sessions()} {
		got, err := s.Load(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, funnel.Session{Data: []byte("first"), Version: version + 1}, got)
	}
	again, err := w.going(t, service, "a1", deal.ID, funnel.Session{Version: version}, key, "first")
	require.NoError(t, err)
	require.Equal(t, heard.Until, again.Until)
	require.Nil(t, again.Talk, "a repeated delivery has saved nothing")

	_, err = w.going(t, service, "a2", deal.ID, funnel.Session{Version: version}, key, "of a copy that is old")
	require.ErrorIs(t, err, funnel.ErrSessionMoved)
	w.advance(time.Hour)
	_, err = w.going(t, service, "a3", deal.ID, funnel.Session{Version: version + 1}, key, "too late")
	require.ErrorIs(t, err, funnel.ErrSessionMoved)

	known, err := w.store.Answers(t.Context(), w.space.ID, deal.ID)
	require.NoError(t, err)
	require.Equal(t, map[string]funnel.Given{"task": inWords("first")}, byQuestion(known))
	require.Equal(t, 1, w.count(t, "handled_events WHERE key IN ('a0', 'a1', 'a2', 'a3')"))
}

func TestOfTwoProcessesThatGoOnWithAConversationAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := setupOn(t, w.url)
	deal := w.open(t, "Ромашка").Deal
	key := sessionstest.NewKey()
	key.Workspace, key.Member = w.space.ID, w.member.ID
	w.ask(t, w.service, "ask", "d1", key.Place, deal.ID)
	version, err := w.store.Sessions().Save(t.Context(), key, funnel.Session{Data: []byte("asked")}, time.Hour)
	require.NoError(t, err)
	both := make(chan error, 2)
	for event, store := range map[string]funnel.Store{"a1": w.store, "a2": other.store} {
		s := funnel.New(funnel.Config{Store: store, Funnels: w.service.Funnel, Clock: w.now, IDs: newID})
		go func() {
			_, err := s.Answer(context.WithoutCancel(t.Context()), w.act(event), funnel.GiveAnswers{
				Deal: deal.ID, Dialog: "d1", Place: key.Place, Given: map[string]funnel.Given{"task": inWords(event)},
				Talk: func(funnel.Heard) (*funnel.TalkSave, error) {
					return &funnel.TalkSave{Key: key, Session: funnel.Session{Data: []byte(event), Version: version}, Life: time.Hour}, nil
				},
			})
			both <- err
		}()
	}
	one, two := <-both, <-both
	if one == nil {
		one, two = two, one
	}
	require.NoError(t, two)
	require.ErrorIs(t, one, funnel.ErrSessionMoved)
	got, err := w.store.Sessions().Load(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, version+1, got.Version)
	known, err := w.store.Answers(t.Context(), w.space.ID, deal.ID)
	require.NoError(t, err)
	require.Equal(t, map[string]funnel.Given{"task": inWords(string(got.Data))}, byQuestion(known))
}
