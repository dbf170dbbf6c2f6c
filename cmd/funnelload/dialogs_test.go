package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

// program builds the bot.
func program(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "funnelbot")
	said, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, "funnelbot/cmd/funnelbot").CombinedOutput()
	require.NoError(t, err, string(said))
	return file
}

func TestEveryAnswerToABotIsFollowedByTheRightQuestion(t *testing.T) {
	t.Parallel()
	c := &dialogsCommand{
		database: database{DatabaseURL: pgtest.Empty(t), Workspace: "load"}, Bot: program(t),
		Workspaces: 3, Dialogs: 42, Rate: 20, Connections: 2, Duration: 6 * time.Second,
	}
	require.NoError(t, c.Validate())
	var out writer
	require.NoError(t, c.Run(t.Context(), &streams{out: &out, err: io.Discard}))
	require.Regexp(t, `dialogs opened( +[0-9.]+){5} +42 +0 +0 +0 +0\n`, string(out))
	// A machine that is busy with other tests may not send all that is due.
	answers := regexp.MustCompile(`answers(?: +[0-9.]+){5} +([0-9]+) +0 +0 +0 +([0-9]+)\n`).FindStringSubmatch(string(out))
	require.Len(t, answers, 3, string(out))
	sent, err := strconv.Atoi(answers[1])
	require.NoError(t, err)
	unsent, err := strconv.Atoi(answers[2])
	require.NoError(t, err)
	require.Equal(t, 120, sent+unsent)
	require.Positive(t, sent)
	require.Regexp(t, `idle +[0-9.]+ +[0-9]+ +0 +0 +[0-9]+\n`, string(out))
	require.Regexp(t, `all dialogs open +[0-9.]+ +[0-9]+ +42 +42 +[0-9]+\n`, string(out))
}

func TestAPersonAnswersWhatIsAskedFromTheFirstQuestionToTheResult(t *testing.T) {
	t.Parallel()
	all, err := inquiries(epoch)
	require.NoError(t, err)
	v := known(newChat(71), 7, all, 0)
	in, ok := v.next(&screen{})
	require.True(t, ok)
	require.Equal(t, "/qualify #7", in.text)
	kinds := map[funnel.QuestionKind]int{}
	for i := range all {
		q := &all[i]
		kinds[q.Kind]++
		s := asks(q)
		require.NoError(t, v.judge(in.want, &screen{}, s), "question %d", i)
		if q.Kind == funnel.AskSeveral {
			toggled, ok := v.next(s)
			require.True(t, ok)
			require.Equal(t, "~t.1~pick~"+q.given.Keys[0], toggled.data)
			marked := *s
			marked.keys = append([]screenKey{{Text: "✓", Data: toggled.data}}, s.keys...)
			require.NoError(t, v.judge(toggled.want, s, &marked))
		}
		in, ok = v.next(s)
		require.True(t, ok)
		switch q.Kind { //nolint:exhaustive // the others are typed
		case funnel.AskSeveral:
			require.Equal(t, "~t.1~done", in.data)
		case funnel.AskOne:
			require.Equal(t, "~t.1~pick~"+q.given.Keys[0], in.data)
		default:
			require.Equal(t, q.typed, in.text)
			require.NotEmpty(t, in.text)
		}
	}
	require.Positive(t, kinds[funnel.AskSeveral])
	require.Positive(t, kinds[funnel.AskOne])
	summary := &screen{keys: []screenKey{{Data: "~t.9~confirm"}, {Data: "~t.9~edit~" + all[0].Key}}}
	result := &screen{keys: []screenKey{{Data: "undo:7:3"}}}
	for _, step := range []struct {
		s    *screen
		then string
	}{
		{summary, "~t.9~confirm"},
		{result, "/qualify #7"},
		{summary, "~t.9~edit~" + all[0].Key},
		{asks(&all[0]), all[0].typed},
		{summary, "~t.9~confirm"},
	} {
		require.NoError(t, v.judge(in.want, &screen{}, step.s), step.then)
		in, ok = v.next(step.s)
		require.True(t, ok, step.then)
		require.Equal(t, step.then, in.text+in.data)
	}
}

// asks is how a question looks in a chat.
func asks(q *inquiry) *screen {
	s := &screen{text: "(1/18) #7 Sample Company: " + q.words, keys: []screenKey{{Data: "~t.1~cancel"}}}
	for _, o := range q.Options {
		s.keys = append(s.keys, screenKey{Text: o.Key, Data: "~t.1~pick~" + o.Key})
	}
	if q.Kind == funnel.AskSeveral {
		s.keys = append(s.keys, screenKey{Data: "~t.1~done"})
	}
	return s
}

func TestWhatIsNotTheRightQuestionIsAWrongAnswer(t *testing.T) {
	t.Parallel()
	all, err := inquiries(epoch)
	require.NoError(t, err)
	v := known(newChat(71), 7, all, 2)
	in, ok := v.next(&screen{})
	require.True(t, ok)
	require.Equal(t, standing{asking, 2}, in.want)
	require.ErrorContains(t, v.judge(in.want, &screen{}, asks(&all[3])), all[2].Key+" was to be shown, not "+all[3].Key)
	in, _ = v.next(&screen{})
	require.Equal(t, "/qualify #7", in.text, "nobody knows where the dialog stands, so it begins anew")
	require.ErrorContains(t, v.judge(in.want, &screen{}, &screen{text: "Something went wrong."}), "something else")

	v = known(newChat(71), 7, all, 6)
	require.Equal(t, funnel.AskOne, all[6].Kind)
	in, _ = v.next(&screen{})
	require.NoError(t, v.judge(in.want, &screen{}, asks(&all[6])))
	_, ok = v.next(&screen{text: all[6].words})
	require.False(t, ok, "its buttons are missing")
}

func TestNoQuestionIsTakenForAnother(t *testing.T) {
	t.Parallel()
	all, err := inquiries(epoch)
	require.NoError(t, err)
	for i := range all {
		require.Equal(t, i, spoken(all, "(3/18) #7 Sample: "+all[i].words+"\nA hint."))
	}
	require.Equal(t, -1, spoken(all, "Saved."))
}

func TestChatsShowWhatTheBotHasSentLast(t *testing.T) {
	t.Parallel()
	one := newChat(71)
	api, at, err := openChats(t.Context(), map[int64]*chat{71: one})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, api.close()) })
	post := func(method string, form url.Values) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+fakeTelegram+"1:x/"+method, strings.NewReader(form.Encode()))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
	board := `{"inline_keyboard":[[{"text":"A & B","callback_data":"~t.1~pick~a"}],[{"text":"Skip","callback_data":"~t.1~skip"}]]}`
	one.acts()
	status, body := post("sendMessage", url.Values{"chat_id": {"71"}, "text": {"<b>Who &amp; why?</b>"}, "reply_markup": {board}})
	require.Equal(t, http.StatusOK, status, body)
	require.Contains(t, body, `"text":"Who \u0026 why?"`)
	s, first, ok := one.await(t.Context(), time.Minute)
	require.True(t, ok)
	require.Equal(t, "Who & why?", s.text)
	data, ok := s.action("pick", "a")
	require.True(t, ok)
	require.Equal(t, "~t.1~pick~a", data)
	_, ok = s.action("pick", "b")
	require.False(t, ok)

	status, _ = post("sendMessage", url.Values{"chat_id": {"71"}, "text": {"Further"}})
	require.Equal(t, http.StatusOK, status)
	for message, text := range map[string]string{"1": "Who and why, without buttons", "2": "Next"} {
		status, _ = post("editMessageText", url.Values{"chat_id": {"71"}, "message_id": {message}, "text": {text}})
		require.Equal(t, http.StatusOK, status)
	}
	s, again, ok := one.await(t.Context(), time.Minute)
	require.True(t, ok)
	require.Equal(t, "Next", s.text)
	require.Empty(t, s.keys)
	require.Equal(t, first, again, "the time is that of the first thing that was shown")

	status, _ = post("sendMessage", url.Values{"chat_id": {"72"}, "text": {"x"}})
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = post("setWebhook", url.Values{})
	require.Equal(t, http.StatusOK, status)
	one.acts()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, ok = one.await(ended, time.Minute)
	require.False(t, ok, "nothing was shown")
}

func TestThePeopleOfDialogsHaveChatsAndDealsOfTheirOwn(t *testing.T) {
	t.Parallel()
	c, err := newCast(t.Context(), database{DatabaseURL: pgtest.Empty(t), Workspace: "load"}, 3, 7)
	require.NoError(t, err)
	t.Cleanup(c.close)
	before, err := c.stored(t.Context())
	require.NoError(t, err)
	require.Equal(t, stored{answers: 0 + 1 + 2 + 3 + 4 + 5 + 6}, before)
	workspaces := map[funnel.ID]bool{}
	for n := range 7 {
		all, err := c.store.Belongings(t.Context(), "telegram", strconv.FormatInt(c.chat+int64(n), 10))
		require.NoError(t, err)
		require.Len(t, all, 1)
		workspaces[all[0].Workspace] = true
		number := c.deal(n)
		deal, err := c.store.Deal(t.Context(), all[0].Workspace, funnel.ID{}, number)
		require.NoError(t, err)
		require.NotNil(t, deal)
		require.Equal(t, all[0].Member, deal.Owner)
		require.Equal(t, companyName(int(number)), deal.CompanyName)
		answers, err := c.store.Answers(t.Context(), all[0].Workspace, deal.ID)
		require.NoError(t, err)
		require.Len(t, answers, c.known(n))
		_, err = c.service.Move(t.Context(), funnel.Act{Workspace: all[0].Workspace, Member: all[0].Member, Event: "move:" + strconv.Itoa(n), Origin: funnel.FromChat},
			funnel.Target{Number: number}, funnel.MoveTo{Stage: "qualification"})
		require.NoError(t, err, "a copy is a deal like any other")
	}
	require.Len(t, workspaces, 3)
}

func TestGoroutinesAreReadFromTheMetrics(t *testing.T) {
	t.Parallel()
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("# TYPE go_goroutines gauge\ngo_goroutines 41\n"))
	}))
	t.Cleanup(at.Close)
	n, err := goroutines(t.Context(), strings.TrimPrefix(at.URL, "http://"))
	require.NoError(t, err)
	require.Equal(t, 41, n)
	none := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(none.Close)
	_, err = goroutines(t.Context(), strings.TrimPrefix(none.URL, "http://"))
	require.ErrorIs(t, err, errNoMetric)
}

func TestTooFewDialogsForTheRateAreRefused(t *testing.T) {
	t.Parallel()
	c := dialogsCommand{
		database: database{DatabaseURL: "postgres://sample"}, Workspaces: 10, Dialogs: 100, Rate: 50, Connections: 4, Duration: time.Second,
	}
	require.NoError(t, c.Validate())
	c.Rate = 51
	require.ErrorContains(t, c.Validate(), "too few for the rate")
	c.Rate, c.Workspaces = 1, 101
	require.Error(t, c.Validate())
	c.Workspaces, c.DatabaseURL = 1, ""
	require.ErrorContains(t, c.Validate(), "--database-url")
}
