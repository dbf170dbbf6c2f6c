package telegramtest_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

func TestFaultsHappenInTheirOrderAndEnd(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	send := func(text string) error {
		_, err := b.SendMessage(t.Context(), &tgbot.SendMessageParams{ChatID: ann, Text: text})
		return err
	}
	s.Fail("sendMessage", telegramtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 14})
	s.Fail("sendMessage", telegramtest.Fault{Times: 2, Status: http.StatusBadGateway})
	s.Fail("sendMessage", telegramtest.Fault{DropBeforeRead: true})
	s.Fail("sendMessage", telegramtest.Fault{DropAfterApply: true})
	require.Equal(t, 5, s.Faults())

	var slow *tgbot.TooManyRequestsError
	err := send("limited")
	require.ErrorAs(t, err, &slow)
	require.Equal(t, 14, slow.RetryAfter)
	require.ErrorContains(t, err, "Too Many Requests: retry after 14")
	require.ErrorContains(t, send("away"), "502 Bad Gateway")
	require.ErrorContains(t, send("away"), "502 Bad Gateway")
	require.Error(t, send("unread"))
	require.Empty(t, s.Said(ann))
	require.Error(t, send("in doubt"))
	require.Equal(t, "in doubt\n", s.Last(ann).Plain(), "it was read and done")
	require.NoError(t, send("fine"))
	require.Zero(t, s.Faults())
	require.Len(t, s.Said(ann), 2)
	require.Empty(t, s.Refusals(), "faults are not the bot's refusals")
}

func TestALateAnswerLeavesTheBotInDoubt(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	s.Fail("", telegramtest.Fault{Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := b.SendMessage(ctx, &tgbot.SendMessageParams{ChatID: ann, Text: "slow"})
		failed <- err
	}()
	s.Await(ann, func(m telegramtest.Message) bool { return m.Text == "slow" })
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
}

func TestRatesAreLimitedToTheSecond(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	furnish(t, s)
	now := time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	s.Limit(true)
	retry := func(chat int64) int { return ask(t, s, "sendMessage", to(chat, nil)).Parameters.RetryAfter }

	require.Zero(t, retry(ann))
	require.Zero(t, retry(boris), "another chat has its own second")
	now = now.Add(400 * time.Millisecond)
	require.Equal(t, 1, retry(ann))
	now = now.Add(600 * time.Millisecond)
	require.Zero(t, retry(ann), "a refused call does not count")

	for range 20 {
		require.Zero(t, retry(city))
		now = now.Add(time.Second)
	}
	require.Equal(t, 40, retry(city), "the first of twenty was twenty seconds ago")
	now = now.Add(39 * time.Second)
	require.Equal(t, 1, retry(city))
	now = now.Add(time.Second)
	require.Zero(t, retry(city))

	now = now.Add(time.Hour)
	for id := int64(9001); id <= 9030; id++ {
		s.AddUser(telegramtest.User{ID: id, Started: true})
		require.Zero(t, retry(id))
	}
	require.Equal(t, 1, retry(ann), "thirty a second in all")
	require.Empty(t, s.Mistakes())
	s.Limit(false)
	require.Zero(t, retry(ann))
}

func TestFilesAreKeptAndFetched(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	ctx := t.Context()

	sent, err := b.SendDocument(ctx, &tgbot.SendDocumentParams{
		ChatID: ann, Document: &tgmodels.InputFileUpload{Filename: "deals.csv", Data: strings.NewReader("a;b\n")},
		Caption: "<b>All</b> deals", ParseMode: "HTML", ReplyMarkup: rows([]telegramtest.Button{{Text: "More", Data: "m"}}),
	})
	require.NoError(t, err)
	require.Equal(t, "deals.csv", sent.Document.FileName)
	require.Equal(t, "(document deals.csv)\nAll deals\n[More]\n", s.Last(ann).Plain())
	require.Equal(t, "a;b\n", string(s.Last(ann).File.Content))
	r := ask(t, s, "editMessageText", to(ann, p{"message_id": sent.ID}))
	require.Equal(t, "Bad Request: there is no text in the message to edit", r.Description)

	file, err := b.GetFile(ctx, &tgbot.GetFileParams{FileID: sent.Document.FileID})
	require.NoError(t, err)
	resp, err := http.Get(b.FileDownloadLink(file))
	require.NoError(t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "a;b\n", string(content))
	other, err := http.Get(strings.Replace(b.FileDownloadLink(file), s.Token, "1:wrong", 1))
	require.NoError(t, err)
	defer other.Body.Close()
	require.Equal(t, http.StatusNotFound, other.StatusCode)

	_, err = b.SendDocument(ctx, &tgbot.SendDocumentParams{ChatID: boris, Document: &tgmodels.InputFileString{Data: sent.Document.FileID}})
	require.NoError(t, err, "a file is sent again by its id")
	_, err = b.SendPhoto(ctx, &tgbot.SendPhotoParams{ChatID: boris, Photo: &tgmodels.InputFileString{Data: sent.Document.FileID}})
	require.ErrorContains(t, err, "type of file mismatch")
}

func TestPhotosMustBePictures(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	picture := func(w, h int) *tgmodels.InputFileUpload {
		var content bytes.Buffer
		require.NoError(t, png.Encode(&content, image.NewGray(image.Rect(0, 0, w, h))))
		return &tgmodels.InputFileUpload{Filename: "chart.png", Data: &content}
	}
	send := func(photo *tgmodels.InputFileUpload) error {
		_, err := b.SendPhoto(t.Context(), &tgbot.SendPhotoParams{ChatID: ann, Photo: photo})
		return err
	}
	require.NoError(t, send(picture(300, 200)))
	require.Equal(t, 300, s.Last(ann).File.Width)
	require.ErrorContains(t, send(picture(210, 10)), "PHOTO_INVALID_DIMENSIONS")
	require.ErrorContains(t, send(picture(9000, 1001)), "PHOTO_INVALID_DIMENSIONS")
	require.ErrorContains(t, send(&tgmodels.InputFileUpload{Filename: "chart.png", Data: strings.NewReader("not a picture")}), "IMAGE_PROCESS_FAILED")
	require.ErrorContains(t, send(&tgmodels.InputFileUpload{Filename: "chart.png", Data: strings.NewReader("")}), "file must be non-empty")
}

func TestPeopleSendFiles(t *testing.T) {
	t.Parallel()
	s, b := setup(t)
	m := decoded(t, s.Document(ann, ann, telegramtest.File{Name: "offer.pdf", MIME: "application/pdf", Content: []byte("%PDF")}, telegramtest.Caption("the offer"))).Message
	require.Equal(t, "offer.pdf", m.Document.FileName)
	require.Equal(t, int64(4), m.Document.FileSize)
	require.Equal(t, "the offer", m.Caption)
	m = decoded(t, s.Voice(ann, ann, []byte("OggS"), 7)).Message
	require.Equal(t, 7, m.Voice.Duration)
	m = decoded(t, s.Photo(ann, ann, []byte("x"))).Message
	require.NotEmpty(t, m.Photo[0].FileID)

	m = decoded(t, s.Document(ann, ann, telegramtest.File{Name: "film.mov", Size: 21 << 20})).Message
	_, err := b.GetFile(t.Context(), &tgbot.GetFileParams{FileID: m.Document.FileID})
	require.ErrorContains(t, err, "Bad Request: file is too big")
}
