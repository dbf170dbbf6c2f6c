package slacktest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func standing(s *slacktest.Server) *clock {
	c := &clock{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	s.Now = c.now
	return c
}

func interaction(t *testing.T, r *http.Request) slackapi.InteractionCallback {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		t.Error(err)
	}
	var got slackapi.InteractionCallback
	if err := json.Unmarshal([]byte(form.Get("payload")), &got); err != nil {
		t.Error(err)
	}
	return got
}

func form() slackapi.ModalViewRequest {
	text := func(s string) *slackapi.TextBlockObject {
		return slackapi.NewTextBlockObject("plain_text", s, false, false)
	}
	stages := slackapi.NewOptionsSelectBlockElement("static_select", nil, "stage",
		slackapi.NewOptionBlockObject("won", text("Won"), nil), slackapi.NewOptionBlockObject("lost", text("Lost"), nil))
	name := slackapi.NewPlainTextInputBlockElement(nil, "name")
	name.MaxLength = 10
	blocks := []slackapi.Block{
		slackapi.NewInputBlock("b_stage", text("Stage"), nil, stages),
		slackapi.NewInputBlock("b_name", text("Name"), text("As on paper"), name),
	}
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, Title: text("Deal"), Submit: text("Save"), Close: text("Back"), CallbackID: "deal",
		PrivateMetadata: "deal-1", NotifyOnClose: true, Blocks: slackapi.Blocks{BlockSet: blocks},
	}
}

func TestAPressOpensAModalWhichIsSubmitted(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	answers := make(chan string, 4)
	got := make(chan slackapi.InteractionCallback, 4)
	bot(t, s, func(w http.ResponseWriter, r *http.Request) {
		call := interaction(t, r)
		if call.Type == slackapi.InteractionTypeBlockActions {
			if _, err := api.OpenViewContext(r.Context(), call.TriggerID, form()); err != nil {
				t.Error(err)
			}
		}
		if call.Type == slackapi.InteractionTypeViewSubmission {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(<-answers))
		}
		got <- call
	})
	_, _, err := api.PostMessageContext(t.Context(), "C1", slackapi.MsgOptionBlocks(slackapi.NewActionBlock("row",
		slackapi.NewButtonBlockElement("move", "deal-1", slackapi.NewTextBlockObject("plain_text", "Move", false, false)))))
	require.NoError(t, err)

	require.NoError(t, s.Press("U1", s.Latest("C1"), "Move").Err)

	press := <-got
	require.Equal(t, []string{"move", "deal-1", "row"}, []string{
		press.ActionCallback.BlockActions[0].ActionID, press.ActionCallback.BlockActions[0].Value, press.ActionCallback.BlockActions[0].BlockID,
	})
	require.Equal(t, s.Latest("C1").TS, press.Container.MessageTs)
	require.NotEmpty(t, press.ResponseURL)
	require.Equal(t, "== Deal ==\nStage: <Won | Lost>\nName: <>\n  As on paper\n[Back] [Save]", s.Top("U1").Plain())

	answers <- `{"response_action":"errors","errors":{"b_name":"too short"}}`
	require.NoError(t, s.Submit("U1", s.Top("U1"), map[string]any{"Stage": "Won", "b_name": "ab"}).Err)
	sent := <-got
	require.Equal(t, "won", sent.View.State.Values["b_stage"]["stage"].SelectedOption.Value)
	require.Equal(t, "ab", sent.View.State.Values["b_name"]["name"].Value)
	require.Equal(t, "deal-1", sent.View.PrivateMetadata)
	require.Equal(t, map[string]string{"b_name": "too short"}, s.Top("U1").Errors)
	require.Contains(t, s.Top("U1").Plain(), "  ! too short")

	answers <- `{"response_action":"errors","errors":{"row":"no input"}}`
	s.Submit("U1", s.Top("U1"), nil)
	<-got
	require.Len(t, s.Refusals(), 1, "errors of what is no input are refused")
	s.Forget()

	next, err := json.Marshal(slackapi.NewPushViewSubmissionResponse(new(form())))
	require.NoError(t, err)
	answers <- string(next)
	s.Submit("U1", s.Top("U1"), nil)
	<-got
	require.Len(t, s.Stack("U1"), 2)

	answers <- ""
	s.Submit("U1", s.Top("U1"), map[string]any{"Stage": "Lost", "Name": "abc"})
	<-got
	require.Len(t, s.Stack("U1"), 1, "an empty answer closes the topmost")
	require.NoError(t, s.CloseView("U1", s.Top("U1"), false).Err)
	require.Equal(t, slackapi.InteractionTypeViewClosed, (<-got).Type)
	require.Empty(t, s.Stack("U1"))
	require.Empty(t, s.Refusals())
	require.Empty(t, s.Errors())
}

func TestViewsKeepTheirHashesTriggersAndStack(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	ctx, at := t.Context(), standing(s)
	first, err := api.OpenViewContext(ctx, s.Trigger("U1"), form())
	require.NoError(t, err)

	second, err := api.UpdateViewContext(ctx, form(), "", first.Hash, first.ID)
	require.NoError(t, err)
	require.NotEqual(t, first.Hash, second.Hash)
	_, err = api.UpdateViewContext(ctx, form(), "", first.Hash, first.ID)
	require.EqualError(t, err, "hash_conflict")
	_, err = api.UpdateViewContext(ctx, form(), "", "", "V404")
	require.EqualError(t, err, "not_found")

	used := s.Trigger("U1")
	_, err = api.PushViewContext(ctx, used, form())
	require.NoError(t, err)
	_, err = api.PushViewContext(ctx, used, form())
	require.EqualError(t, err, "exchanged_trigger_id")
	late := s.Trigger("U1")
	at.pass(3*time.Second + 1)
	_, err = api.PushViewContext(ctx, late, form())
	require.EqualError(t, err, "expired_trigger_id")
	_, err = api.OpenViewContext(ctx, "12.34.ab", form())
	require.EqualError(t, err, "invalid_trigger_id")
	_, err = api.PushViewContext(ctx, s.Trigger("U1"), form())
	require.NoError(t, err)
	_, err = api.PushViewContext(ctx, s.Trigger("U1"), form())
	require.EqualError(t, err, "push_limit_reached")
	_, err = api.PushViewContext(ctx, s.Trigger("U2"), form())
	require.EqualError(t, err, "invalid_arguments", "there is no modal to push onto")
	require.Len(t, s.Stack("U1"), 3)
}

func TestAHomeTabIsPublished(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	home := slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{
		slackapi.NewHeaderBlock(slackapi.NewTextBlockObject("plain_text", "Today", false, false)),
	}}}

	first, err := api.PublishViewContext(t.Context(), slackapi.PublishViewContextRequest{UserID: "U1", View: home})
	require.NoError(t, err)
	_, err = api.PublishViewContext(t.Context(), slackapi.PublishViewContextRequest{UserID: "U1", View: home, Hash: &first.Hash})
	require.NoError(t, err)
	_, err = api.PublishViewContext(t.Context(), slackapi.PublishViewContextRequest{UserID: "U1", View: home, Hash: &first.Hash})
	require.EqualError(t, err, "hash_conflict")
	_, err = api.PublishViewContext(t.Context(), slackapi.PublishViewContextRequest{UserID: "U9", View: home})
	require.EqualError(t, err, "user_not_found")

	shown, ok := s.Home("U1")
	require.True(t, ok)
	require.Equal(t, "# Today", shown.Plain())
	require.Empty(t, s.Stack("U1"))
}

func TestAResponseURLWorksFiveTimesInHalfAnHour(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	at := standing(s)
	link := s.ResponseURL("U1", "C1")
	say := func(link string, options ...slackapi.MsgOption) error {
		_, _, err := api.PostMessageContext(t.Context(), "C1", append(options, slackapi.MsgOptionResponseURL(link, "ephemeral"))...)
		return err
	}

	for range 5 {
		require.NoError(t, say(link, slackapi.MsgOptionText("a", false)))
	}
	require.Error(t, say(link, slackapi.MsgOptionText("a", false)))
	require.Len(t, s.Ephemerals("U1"), 5)
	old := s.ResponseURL("U1", "C1")
	at.pass(30*time.Minute + 1)
	require.Error(t, say(old, slackapi.MsgOptionText("a", false)))
	require.Error(t, say(s.ResponseURL("U1", "C1")), "nothing to say")
	codes := []string{}
	for _, r := range s.Refusals() {
		codes = append(codes, r.Error)
	}
	require.Equal(t, []string{"used_url", "expired_url", "no_text"}, codes)
}

func TestAPressedMessageIsReplacedOrTakenAway(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	links := make(chan string, 1)
	bot(t, s, func(_ http.ResponseWriter, r *http.Request) { links <- interaction(t, r).ResponseURL })
	row := slackapi.MsgOptionBlocks(slackapi.NewActionBlock("row",
		slackapi.NewButtonBlockElement("", "v", slackapi.NewTextBlockObject("plain_text", "Yes & no", false, false))))
	_, err := api.PostEphemeralContext(t.Context(), "C1", "U1", row)
	require.NoError(t, err)

	s.Press("U1", s.Ephemerals("U1")[0], "Yes & no")
	_, _, err = api.PostMessageContext(t.Context(), "", slackapi.MsgOptionText("done", false), slackapi.MsgOptionReplaceOriginal(<-links))
	require.NoError(t, err)
	require.Equal(t, "done", s.Ephemerals("U1")[0].Plain())
	require.Equal(t, []string{"Yes & no"}, slacktest.Buttons(slacktest.Message{Blocks: s.Ephemerals("U1")[0].Edits[0].Blocks}))

	_, _, err = api.PostMessageContext(t.Context(), "C1", row)
	require.NoError(t, err)
	s.Press("U2", s.Latest("C1"), "Yes & no")
	_, _, err = api.PostMessageContext(t.Context(), "", slackapi.MsgOptionDeleteOriginal(<-links))
	require.NoError(t, err)
	require.Empty(t, s.Messages("C1"))
	require.Empty(t, s.Refusals())
}

func TestEventsArriveAsSlackSendsThem(t *testing.T) {
	t.Parallel()
	s, _ := workspace(t)
	got := make(chan slackevents.EventsAPIEvent, 4)
	headers := make(chan http.Header, 4)
	bot(t, s, func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		event, err := slackevents.ParseEvent(raw, slackevents.OptionNoVerifyToken())
		if err != nil {
			t.Error(err)
		}
		if event.Type == slackevents.URLVerification {
			var asked slackevents.ChallengeResponse
			_ = json.Unmarshal(raw, &asked)
			_, _ = w.Write([]byte(asked.Challenge))
			return
		}
		headers <- r.Header
		got <- event
	})

	require.Equal(t, "c1", s.Verification("c1").Body)
	first := s.Mention("U1", "C1", "", "my deals")
	<-headers
	mention, ok := (<-got).InnerEvent.Data.(*slackevents.AppMentionEvent)
	require.True(t, ok)
	require.Equal(t, "<@"+s.BotUserID+"> my deals", mention.Text)
	require.Equal(t, s.Latest("C1").TS, mention.TimeStamp)

	for _, again := range s.Deliver(first.Request, 2) {
		require.NoError(t, again.Err)
	}
	ids := []string{}
	retries := []string{}
	for range 2 {
		event, ok := (<-got).Data.(*slackevents.EventsAPICallbackEvent)
		require.True(t, ok)
		ids = append(ids, event.EventID)
		retries = append(retries, (<-headers).Get("X-Slack-Retry-Num"))
	}
	require.Equal(t, ids[0], ids[1])
	require.ElementsMatch(t, []string{"", "1"}, retries)

	s.DirectMessage("U1", "", "hello")
	<-headers
	direct, ok := (<-got).InnerEvent.Data.(*slackevents.MessageEvent)
	require.True(t, ok)
	require.Equal(t, "im", direct.ChannelType)
	s.ForwardMessage("U1", "", s.Says("U2", "C1", "", "call Acorn Mills"), "for you")
	<-headers
	forwarded, ok := (<-got).InnerEvent.Data.(*slackevents.MessageEvent)
	require.True(t, ok)
	require.Equal(t, "call Acorn Mills", forwarded.Message.Attachments[0].Text)
	s.ChannelArchived("U2", "C1")
	require.Equal(t, "channel_archive", (<-got).InnerEvent.Type)
}

func TestAShortcutCarriesItsMessage(t *testing.T) {
	t.Parallel()
	s, _ := workspace(t)
	got := make(chan slackapi.InteractionCallback, 1)
	bot(t, s, func(_ http.ResponseWriter, r *http.Request) { got <- interaction(t, r) })

	require.NoError(t, s.MessageShortcut("U1", "note", s.Says("U2", "C1", "", "they agreed")).Err)

	call := <-got
	require.Equal(t, slackapi.InteractionTypeMessageAction, call.Type)
	require.Equal(t, []string{"note", "they agreed", "C1"}, []string{call.CallbackID, call.Message.Text, call.Channel.ID})
}

func TestSuggestionsAreChecked(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	answers := make(chan string, 1)
	bot(t, s, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(<-answers)) })
	_, _, err := api.PostMessageContext(t.Context(), "C1", slackapi.MsgOptionBlocks(slackapi.NewActionBlock("row",
		slackapi.NewOptionsSelectBlockElement("external_select", nil, "company"))))
	require.NoError(t, err)

	answers <- `{"options":[` + option("Acorn Mills", "1") + `]}`
	labels, _ := s.Suggest("U1", s.Latest("C1"), "company", "ac")
	require.Equal(t, []string{"Acorn Mills"}, labels)
	answers <- `{"options":[]}`
	labels, _ = s.Suggest("U1", s.Latest("C1"), "company", "zz")
	require.Empty(t, labels)
	require.Empty(t, s.Refusals())
	answers <- `{}`
	s.Suggest("U1", s.Latest("C1"), "company", "zz")
	require.Len(t, s.Refusals(), 1)
}

func TestAFormOfManyInputsIsFilledInByTheirNames(t *testing.T) {
	t.Parallel()
	s, api := workspace(t)
	text := func(words string) *slackapi.TextBlockObject {
		return slackapi.NewTextBlockObject("plain_text", words, false, false)
	}
	options := func(names ...string) []*slackapi.OptionBlockObject {
		var all []*slackapi.OptionBlockObject
		for _, name := range names {
			all = append(all, slackapi.NewOptionBlockObject(name, text("Option "+name), nil))
		}
		return all
	}
	who := slackapi.NewCheckboxGroupsBlockElement("who", options("a", "b", "c")...)
	who.InitialOptions = who.Options[1:2]
	day := slackapi.NewDatePickerBlockElement("day")
	day.InitialDate = "2026-12-01"
	input := func(id, label string, e slackapi.BlockElement) slackapi.Block {
		b := slackapi.NewInputBlock(id, text(label), nil, e)
		b.Optional = true
		return b
	}
	view := form()
	view.Blocks.BlockSet = []slackapi.Block{
		input("1", "First", slackapi.NewPlainTextInputBlockElement(nil, "t1")), input("2", "Or type", slackapi.NewPlainTextInputBlockElement(nil, "t2")),
		input("3", "Second", slackapi.NewPlainTextInputBlockElement(nil, "t3")), input("4", "Or type", slackapi.NewPlainTextInputBlockElement(nil, "t4")),
		input("5", "Who", who), input("6", "Day", day),
		input("7", "Where", slackapi.NewOptionsMultiSelectBlockElement("multi_static_select", nil, "where", options("x", "y", "z")...)),
	}
	got := make(chan slackapi.InteractionCallback, 4)
	bot(t, s, func(_ http.ResponseWriter, r *http.Request) { got <- interaction(t, r) })
	_, err := api.OpenViewContext(t.Context(), s.Trigger("U1"), view)
	require.NoError(t, err)

	require.NoError(t, s.Submit("U1", s.Top("U1"), map[string]any{
		"First": "one", "Second > Or type": "four", "First > Or type": "two", "Who": []string{"Option c", "a"}, "Where": []string{"z", "x"},
	}).Err)

	values := (<-got).View.State.Values
	require.Equal(t, []string{"one", "two", "", "four"}, []string{values["1"]["t1"].Value, values["2"]["t2"].Value, values["3"]["t3"].Value, values["4"]["t4"].Value})
	require.Equal(t, "2026-12-01", values["6"]["day"].SelectedDate)
	require.Equal(t, []string{"c", "a"}, []string{values["5"]["who"].SelectedOptions[0].Value, values["5"]["who"].SelectedOptions[1].Value})
	require.Len(t, values["7"]["where"].SelectedOptions, 2)
	require.Empty(t, s.Stack("U1"))
}

func TestANameOfSeveralInputsIsNone(t *testing.T) {
	t.Parallel()
	tb := &listener{TB: t}
	s := slacktest.New(tb)
	s.AddUser(slacktest.User{ID: "U1", Name: "ann"})
	view := form()
	view.Blocks.BlockSet = append(view.Blocks.BlockSet, slackapi.NewInputBlock("b_other", slackapi.NewTextBlockObject("plain_text", "Name", false, false), nil,
		slackapi.NewPlainTextInputBlockElement(nil, "other")))
	_, err := slackapi.New(s.Token, slackapi.OptionAPIURL(s.URL)).OpenViewContext(t.Context(), s.Trigger("U1"), view)
	require.NoError(t, err)

	require.ErrorContains(t, s.Submit("U1", s.Top("U1"), map[string]any{"Name": "Acme"}).Err, `2 inputs are called "Name"`)
	require.ErrorContains(t, s.Submit("U1", s.Top("U1"), map[string]any{"Nobody": "Acme"}).Err, `no input is called "Nobody"`)
	require.Len(t, tb.heard, 2)
}

// listener is a test that hears of failures instead of failing.
type listener struct {
	testing.TB

	heard []string
}

func (l *listener) Errorf(format string, args ...any) {
	l.heard = append(l.heard, fmt.Sprintf(format, args...))
}
