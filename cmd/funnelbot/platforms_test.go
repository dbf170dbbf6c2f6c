package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/storage/postgres/pgtest"
)

// doctor examines the house and returns the exit code and what was found.
func (h *house) doctor(t *testing.T, more ...string) (int, string) {
	t.Helper()
	args := h.args("doctor", more...)
	at := slices.Index(args, "--lang") // nobody is spoken to
	code, out, errs := execute(t, "", slices.Delete(args, at, at+2)...)
	for _, secret := range []string{h.slack.Token, h.slack.SigningSecret, h.slack.AppToken, h.telegram.Token} {
		require.NotContains(t, out+errs, secret)
	}
	for line := range strings.Lines(out) {
		if _, mend, ok := strings.Cut(line, "Mend: "); ok {
			require.Regexp(t, `^[a-z]+ .*[^.]\.\n$`, mend, "one sentence that begins with a verb")
		}
	}
	return code, out
}

func TestTheDoctorIsContentWithBothPlatforms(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))
	h.telegram.Bot = ""
	code, out := h.doctor(t, "--slack-signing-secret", h.slack.SigningSecret, "--slack-app-token", h.slack.AppToken)

	require.Zero(t, code, out)
	for _, found := range []string{
		"Slack bot token: @funnelbot in ", "Slack scopes: all there", "Slack signing secret: there", "Slack app token: connects",
		"Telegram bot token: @" + h.telegram.Username, "Telegram webhook: none, updates are polled for", "All is well.",
	} {
		require.Contains(t, out, found)
	}
	h.clean()
}

func TestTheDoctorNamesWhatIsWrongWithThePlatforms(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))
	h.slack.Scopes = slices.DeleteFunc(h.slack.Scopes, func(s string) bool { return s == "users:read" })
	h.telegram.Bot = "https://somebody.example/else"

	code, out := h.doctor(t, "--slack-signing-secret", "guessed")
	require.Equal(t, exitFailed, code)
	for _, found := range []string{
		"Slack scope users:read: missing; it is for names, languages and time zones, and telling guests from colleagues",
		"Mend: add users:read under OAuth & Permissions, Bot Token Scopes, of your app at https://api.slack.com/apps, then reinstall the app on the same page.",
		"Slack signing secret: does not look like one",
		"Telegram webhook: set for somebody.example; 0 waiting",
		"if another program uses this token, give it a bot of its own.",
	} {
		require.Contains(t, out, found)
	}

	code, out = h.doctor(t)
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set")
	code, out = h.doctor(t, "--slack-bot-token", "", "--slack-app-token", h.slack.AppToken)
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "SLACK_BOT_TOKEN is not set")
	code, out = h.doctor(t, "--slack-bot-token", "xoxb-wrong", "--slack-signing-secret", h.slack.SigningSecret, "--telegram-bot-token", "1:wrong")
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "Mend: copy the Bot User OAuth Token")
	require.Contains(t, out, "Mend: copy the token again from @BotFather")
	require.NotContains(t, out, "wrong")
}

func TestTheDoctorListsWhatWasGivenUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))
	h.telegram.Bot = ""
	h.code("rep")
	_, err := pgtest.Pool(t, h.url).Exec(t.Context(), `
		INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at, done_at, buried)
		SELECT w.id, gen_random_uuid(), x.lane, 'assigned', 'en', '{}', now() - interval '3 hours', now(), now() - interval '2 hours', x.buried
		FROM workspaces w, (VALUES ('slack:C77', 'gone: is_archived'), ('telegram:601', 'attempts: 502'), ('slack:U501', 'rejected: invalid_blocks'),
			('telegram:602', 'doubt: timeout'), ('slack:U502', 'secret: 500')) x (lane, buried)`)
	require.NoError(t, err)

	code, out := h.doctor(t, "--slack-signing-secret", h.slack.SigningSecret)

	require.Equal(t, exitFailed, code)
	for _, line := range []string{
		"FAIL  messages   5 were given up\n",
		"assigned to slack:C77, 2h0m0s ago: the receiver has blocked the bot or the chat is gone; they write to the bot to be reached again\n",
		"assigned to telegram:601, 2h0m0s ago: the platform did not take it for hours (502)\n",
		"assigned to slack:U501, 2h0m0s ago: the platform refused the message (invalid_blocks); please report it\n",
		"assigned to telegram:602, 2h0m0s ago: it may have arrived; nobody can find out\n",
		"assigned to slack:U502, 2h0m0s ago: a code is not kept; whoever asked for it asks again\n",
	} {
		require.Contains(t, out, line)
	}
}

func TestAnInvitationSaysHowItIsUsedOnEachPlatform(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))

	code, out, errs := execute(t, "", h.args("invite", "--role", "admin")...)
	require.Zero(t, code, errs)
	invitation := codeLine.FindStringSubmatch(out)[1]
	require.Contains(t, out, "An invitation for a new admin to the workspace main. It works once, until ")
	require.Contains(t, out, "Telegram: open https://t.me/"+h.telegram.Username+"?start="+invitation+" and press Start.\n")
	require.Contains(t, out, "Slack: send the bot a direct message: join "+invitation+"\n")

	code, out, errs = execute(t, "", h.args("invite", "--telegram-bot-token", "1:wrong")...)
	require.Zero(t, code, errs)
	require.Contains(t, out, "Telegram: send the bot this message: /start "+codeLine.FindStringSubmatch(out)[1]+"\n", "the code is good without a link")
	require.Contains(t, errs, "Telegram could not be asked")
	require.NotContains(t, errs, "1:wrong")

	code, _, errs = execute(t, "", h.args("invite", "--name", "Nobody")...)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, `there is no member "Nobody"`)
}

func TestADoorThatCannotGoOnLeavesTheOtherOpen(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))
	h.more = []string{"--slack-bot-token", "xoxb-wrong"}
	v := h.serve()

	h.invite(vera, "admin")
	require.True(t, h.telegram.Private(vera, "new Acme Anvils").OK())
	require.NotEmpty(t, h.toTelegram(vera, "Acme Anvils"))
	require.Equal(t, http.StatusServiceUnavailable, h.slack.DirectMessage(annaInSlack, "", "help").Status)
	require.Contains(t, v.log(), `msg="door closed: run funnelbot doctor, then start again" door=slack`)
	require.Empty(t, v.code)
	v.stop()
	require.Zero(t, <-v.code)
}

func TestAProgramWithoutAnyDoorEndsWithTheReason(t *testing.T) {
	t.Parallel()
	s := slacktest.New(t)
	var errs screen
	l, _ := socket(t)
	code := runWith(t.Context(), []string{
		"serve", "--database-url", pgtest.New(t, nothing), "--data", t.TempDir(), "--slack-bot-token", "xoxb-wrong",
		"--slack-signing-secret", s.SigningSecret, "--slack-api-url", s.URL,
	}, &streams{
		out: &errs, err: &errs, getenv: func(string) string { return "" }, now: time.Now,
		listen: func(context.Context, string) (net.Listener, error) { return l, nil },
	})

	require.Equal(t, exitFailed, code)
	require.Contains(t, errs.read(), "funnelbot: slack: slack door: auth.test: invalid_auth")
	require.NotContains(t, errs.read(), "xoxb-wrong")
}

func TestTheAppThatWasRemovedIsReportedAndHurtsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))
	v := h.serve()
	h.settle()

	require.Equal(t, http.StatusOK, h.slack.Uninstalled().Status)

	require.Contains(t, v.log(), "the app was removed from the workspace: install it again")
	require.Equal(t, http.StatusOK, status(t, v.url+"/readyz"))
	require.Zero(t, count(t, h.url, "identities WHERE gone_at IS NOT NULL"))
	require.True(t, h.telegram.Private(vera, "today").OK())
	v.stop()
	require.Zero(t, <-v.code)
}

var link = regexp.MustCompile(`\]\(([^)#]+)\)`)

func TestEveryFileThatTheReadmeLinksToIsThere(t *testing.T) {
	t.Parallel()
	top := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(top, "README.md"))
	require.NoError(t, err)
	found := 0
	for _, m := range link.FindAllStringSubmatch(string(readme), -1) {
		if strings.Contains(m[1], "://") {
			continue
		}
		found++
		_, err := os.Stat(filepath.Join(top, filepath.FromSlash(m[1])))
		require.NoError(t, err)
	}
	require.Positive(t, found)
}

func TestClosingAViewLeavesAQuestionThatWasAnsweredElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, nothing))
	v := h.serve()
	h.settle()
	require.NoError(t, h.slack.Command(annaInSlack, salesInSlack, "/deal", "new").Err)
	form := h.slack.Top(annaInSlack)
	require.Contains(t, form.Plain(), "Which company is the deal with?")

	require.NoError(t, h.slack.Mention(annaInSlack, salesInSlack, "", "Acme Anvils").Err)
	require.NoError(t, h.slack.CloseView(annaInSlack, form, false).Err)
	require.NoError(t, h.slack.Mention(annaInSlack, salesInSlack, "", "450k").Err)

	require.Eventually(t, func() bool {
		said := h.slack.Ephemerals(annaInSlack)
		return len(said) > 0 && strings.Contains(said[len(said)-1].Plain(), "Where did it come from?")
	}, patience, glance, "the dialog has gone on")
	v.end()
	h.clean()
}
