package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	tgmodels "github.com/go-telegram/bot/models"
	"github.com/stretchr/testify/require"
)

func TestUpdatesAreThoseOfTelegram(t *testing.T) {
	t.Parallel()
	var got []tgmodels.Update
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var u tgmodels.Update
		if err != nil || json.Unmarshal(body, &u) != nil || r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s-1" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		got = append(got, u)
		if len(got) == 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(at.Close)
	w, err := walks(1, 5, 2, lines{forward: "move {deal} {stage}", back: `back {deal} {stage} because "so"`})
	require.NoError(t, err)
	k, err := newTelegramCaller(at.URL, "s-1", w[0], newUpdates())
	require.NoError(t, err)
	t.Cleanup(k.close)
	k.chats = []int64{71, 72}
	for i, want := range []verdict{right, right, refused} {
		v, _, words := k.call(t.Context())
		require.Equal(t, want, v, "%d: %s", i, words)
	}
	require.Equal(t, `back 5 lead because "so"`, got[0].Message.Text)
	require.Equal(t, `back 6 lead because "so"`, got[1].Message.Text)
	require.Equal(t, "move 5 qualification", got[2].Message.Text)
	require.Greater(t, got[1].ID, got[0].ID)
	require.EqualValues(t, 72, got[1].Message.Chat.ID)
	require.EqualValues(t, 72, got[1].Message.From.ID)
	require.EqualValues(t, "private", got[1].Message.Chat.Type)
	require.Equal(t, []int{unknown, 0}, w[0].at, "after a refusal nobody knows")
}
