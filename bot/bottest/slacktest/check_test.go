package slacktest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
)

// answer is what the API says to every request.
type answer struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
	Metadata struct {
		Messages []string `json:"messages"`
	} `json:"response_metadata"`
	View struct {
		ID   string `json:"id"`
		Hash string `json:"hash"`
	} `json:"view"`
	TS string `json:"ts"`
}

// call asks the API in JSON, as no library would let one ask.
func call(ctx context.Context, t *testing.T, s *slacktest.Server, token, method, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+method, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	var a answer
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&a))
	return a
}

func long(n int) string { return strings.Repeat("x", n) }

func times(n int, one string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strings.ReplaceAll(one, "#", strconv.Itoa(i))
	}
	return strings.Join(list, ",")
}

func words(kind, text string) string { return fmt.Sprintf(`{"type":%q,"text":%q}`, kind, text) }

func plain(text string) string { return words("plain_text", text) }

func section(text string) string { return `{"type":"section","text":` + words("mrkdwn", text) + `}` }

func actions(elements string) string { return `{"type":"actions","elements":[` + elements + `]}` }

func button(more string) string { return `{"type":"button","text":` + plain("Go") + more + `}` }

func menu(options string) string {
	return `{"type":"static_select","options":[` + options + `]}`
}

func option(label, value string) string {
	return fmt.Sprintf(`{"text":%s,"value":%q}`, plain(label), value)
}

func input(element string) string {
	return `{"type":"input","block_id":"in","label":` + plain("Name") + `,"element":` + element + `}`
}

func TestBlocksOfAMessageAreRefused(t *testing.T) {
	t.Parallel()
	confirm := `,"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}`
	for name, c := range map[string]struct{ blocks, says string }{
		"51 blocks":                  {times(51, `{"type":"divider"}`), "no more than 50 items"},
		"long section":               {section(long(3001)), "less than 3001 characters"},
		"emoji count twice":          {section(strings.Repeat("😀", 1501)), "less than 3001 characters"},
		"empty section":              {section(""), "more than 0 characters"},
		"section with nothing":       {`{"type":"section"}`, "text or fields"},
		"11 fields":                  {`{"type":"section","fields":[` + times(11, plain("a")) + `]}`, "no more than 10 items"},
		"long field":                 {`{"type":"section","fields":[` + plain(long(2001)) + `]}`, "less than 2001"},
		"long header":                {`{"type":"header","text":` + plain(long(151)) + `}`, "less than 151"},
		"header in mrkdwn":           {`{"type":"header","text":` + words("mrkdwn", "a") + `}`, "unsupported type: mrkdwn"},
		"11 in a context":            {`{"type":"context","elements":[` + times(11, plain("a")) + `]}`, "no more than 10"},
		"button in a context":        {`{"type":"context","elements":[` + button("") + `]}`, "unsupported type: button"},
		"26 actions":                 {actions(times(26, button(""))), "no more than 25"},
		"no actions":                 {actions(""), "no fewer than 1"},
		"text in actions":            {actions(plain("a")), "unsupported type: plain_text"},
		"input in actions":           {actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input"},
		"long button":                {actions(`{"type":"button","text":` + plain(long(76)) + `}`), "less than 76"},
		"button in mrkdwn":           {actions(`{"type":"button","text":` + words("mrkdwn", "a") + `}`), "unsupported type: mrkdwn"},
		"button without text":        {actions(`{"type":"button"}`), "missing required field: text"},
		"long value":                 {actions(button(`,"value":"` + long(2001) + `"`)), "less than 2001"},
		"long url":                   {actions(button(`,"url":"https://linden.example/` + long(3000) + `"`)), "less than 3001"},
		"no url":                     {actions(button(`,"url":"linden"`)), "valid URL"},
		"unknown style":              {actions(button(`,"style":"default"`)), "must be one of"},
		"long action_id":             {actions(button(`,"action_id":"` + long(256) + `"`)), "less than 256"},
		"same action_id":             {actions(button(`,"action_id":"a"`) + "," + button(`,"action_id":"a"`)), "action_id must be unique"},
		"same action_id, two blocks": {actions(button(`,"action_id":"a"`)) + "," + actions(button(`,"action_id":"a"`)), "action_id must be unique"},
		"same block_id":              {times(2, `{"type":"divider","block_id":"b"}`), "block_id must be unique"},
		"long block_id":              {`{"type":"divider","block_id":"` + long(256) + `"}`, "less than 256"},
		"confirm title":              {actions(button(fmt.Sprintf(confirm, plain(long(101)), plain("b"), plain("c"), plain("d")))), "less than 101"},
		"confirm text":               {actions(button(fmt.Sprintf(confirm, plain("a"), plain(long(301)), plain("c"), plain("d")))), "less than 301"},
		"confirm button":             {actions(button(fmt.Sprintf(confirm, plain("a"), plain("b"), plain(long(31)), plain("d")))), "less than 31"},
		"deny button":                {actions(button(fmt.Sprintf(confirm, plain("a"), plain("b"), plain("c"), plain(long(31))))), "less than 31"},
		"confirm without deny":       {actions(button(`,"confirm":{"title":` + plain("a") + `,"text":` + plain("b") + `,"confirm":` + plain("c") + `}`)), "missing required field: deny"},
		"101 options":                {actions(menu(times(101, option("a", "v#")))), "no more than 100"},
		"no options":                 {actions(menu("")), "no fewer than 1"},
		"no options at all":          {actions(`{"type":"static_select"}`), "either options or option_groups"},
		"long option":                {actions(menu(option(long(76), "v"))), "less than 76"},
		"long option value":          {actions(menu(option("a", long(151)))), "less than 151"},
		"option without value":       {actions(menu(`{"text":` + plain("a") + `}`)), "missing required field: value"},
		"same option value":          {actions(menu(times(2, option("a#", "v")))), "duplicate option value"},
		"long description":           {actions(menu(`{"text":` + plain("a") + `,"value":"v","description":` + plain(long(76)) + `}`)), "less than 76"},
		"url in a select":            {actions(menu(`{"text":` + plain("a") + `,"value":"v","url":"https://linden.example/"}`)), "invalid additional property: url"},
		"foreign initial option":     {actions(`{"type":"static_select","options":[` + option("a", "v") + `],"initial_option":` + option("b", "w") + `}`), "one of the options"},
		"long placeholder":           {actions(`{"type":"users_select","placeholder":` + plain(long(151)) + `}`), "less than 151"},
		"6 in an overflow":           {actions(`{"type":"overflow","options":[` + times(6, option("a", "v#")) + `]}`), "no more than 5"},
		"11 checkboxes":              {actions(`{"type":"checkboxes","options":[` + times(11, option("a", "v#")) + `]}`), "no more than 10"},
		"date with a time":           {actions(`{"type":"datepicker","initial_date":"2026-02-03T00:00"}`), "in the format 2006-01-02"},
		"no such day":                {actions(`{"type":"datepicker","initial_date":"2026-02-30"}`), "in the format 2006-01-02"},
		"picture without words":      {`{"type":"image","image_url":"https://linden.example/a.png"}`, "missing required field: alt_text"},
		"picture of nothing":         {`{"type":"image","alt_text":"a"}`, "either image_url or slack_file"},
		"input in a message":         {input(`{"type":"plain_text_input"}`), "unsupported type: input"},
		"unknown block":              {`{"type":"banner"}`, "unsupported type: banner"},
		"unknown field":              {`{"type":"divider","color":"red"}`, "invalid additional property: color"},
		"unknown field of text":      {`{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}`, "invalid additional property: emoji"},
		"not a block":                {`7`, "must provide an object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := workspace(t)

			a := call(t.Context(), t, s, s.Token, "chat.postMessage", `{"channel":"C1","text":"a","blocks":[`+c.blocks+`]}`)

			require.Equal(t, "invalid_blocks", a.Error)
			require.Contains(t, strings.Join(a.Metadata.Messages, "\n"), c.says)
			require.Empty(t, s.Messages("C1"))
			require.Len(t, s.Refusals(), 1)
		})
	}
}

func TestBlocksOfAMessageAreTaken(t *testing.T) {
	t.Parallel()
	for name, blocks := range map[string]string{
		"50 blocks":       times(50, `{"type":"divider"}`),
		"longest section": section(long(3000)),
		"longest header":  `{"type":"header","text":` + plain(long(150)) + `}`,
		"10 fields":       `{"type":"section","fields":[` + times(10, plain("a")) + `]}`,
		"25 buttons":      actions(times(25, button(`,"action_id":"a#","value":"v"`))),
		"100 options":     actions(menu(times(100, option("a", "v#")))),
		"initial option":  actions(`{"type":"static_select","options":[` + option("a", "v") + `],"initial_option":` + option("a", "v") + `}`),
		"date":            actions(`{"type":"datepicker","initial_date":"2026-02-28"}`),
		"verbatim":        `{"type":"context","elements":[{"type":"mrkdwn","text":"a","verbatim":true}]}`,
		"confirmed":       actions(button(`,"style":"danger","confirm":{"title":` + plain("a") + `,"text":` + plain("b") + `,"confirm":` + plain("c") + `,"deny":` + plain("d") + `}`)),
		"accessory":       `{"type":"section","text":` + plain("a") + `,"accessory":{"type":"image","image_url":"https://linden.example/a.png","alt_text":"a"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := workspace(t)

			a := call(t.Context(), t, s, s.Token, "chat.postMessage", `{"channel":"C1","text":"a","blocks":[`+blocks+`]}`)

			require.True(t, a.OK, a)
			require.Len(t, s.Messages("C1"), 1)
			require.NotEmpty(t, s.Messages("C1")[0].Blocks[0]["block_id"])
			require.Empty(t, s.Refusals())
		})
	}
}

func TestAViewIsRefused(t *testing.T) {
	t.Parallel()
	modal := func(more, blocks string) string {
		return `{"type":"modal","title":` + plain("Deal") + `,"submit":` + plain("Save") + more + `,"blocks":[` + blocks + `]}`
	}
	text := `{"type":"plain_text_input","action_id":"a"%s}`
	for name, c := range map[string]struct{ view, says string }{
		"101 blocks":               {modal("", times(101, `{"type":"divider"}`)), "no more than 100 items"},
		"no blocks":                {modal("", ""), "no fewer than 1"},
		"null blocks":              {`{"type":"modal","title":` + plain("a") + `,"blocks":null}`, "missing required field: blocks"},
		"long title":               {`{"type":"modal","title":` + plain(long(25)) + `,"blocks":[` + section("a") + `]}`, "less than 25"},
		"no title":                 {`{"type":"modal","blocks":[` + section("a") + `]}`, "missing required field: title"},
		"long submit":              {`{"type":"modal","title":` + plain("a") + `,"submit":` + plain(long(25)) + `,"blocks":[` + section("a") + `]}`, "less than 25"},
		"long close":               {modal(`,"close":`+plain(long(25)), section("a")), "less than 25"},
		"long private_metadata":    {modal(`,"private_metadata":"`+long(3001)+`"`, section("a")), "less than 3001"},
		"long callback_id":         {modal(`,"callback_id":"`+long(256)+`"`, section("a")), "less than 256"},
		"unknown field":            {modal(`,"width":3`, section("a")), "invalid additional property: width"},
		"input without submit":     {`{"type":"modal","title":` + plain("a") + `,"blocks":[` + input(fmt.Sprintf(text, "")) + `]}`, "missing required field: submit"},
		"long label":               {modal("", `{"type":"input","label":`+plain(long(2001))+`,"element":`+fmt.Sprintf(text, "")+`}`), "less than 2001"},
		"label in mrkdwn":          {modal("", `{"type":"input","label":`+words("mrkdwn", "a")+`,"element":`+fmt.Sprintf(text, "")+`}`), "unsupported type: mrkdwn"},
		"long hint":                {modal("", `{"type":"input","label":`+plain("a")+`,"hint":`+plain(long(2001))+`,"element":`+fmt.Sprintf(text, "")+`}`), "less than 2001"},
		"button as input":          {modal("", input(button(""))), "unsupported type: button"},
		"long initial value":       {modal("", input(fmt.Sprintf(text, `,"initial_value":"`+long(3001)+`"`))), "less than 3001"},
		"large max_length":         {modal("", input(fmt.Sprintf(text, `,"max_length":3001`))), "from 1 to 3000"},
		"min over max":             {modal("", input(fmt.Sprintf(text, `,"min_length":5,"max_length":4`))), "not be more than max_length"},
		"initial over max":         {modal("", input(fmt.Sprintf(text, `,"initial_value":"abc","max_length":2`))), "not be longer than max_length"},
		"two focused":              {modal("", strings.ReplaceAll(times(2, input(`{"type":"plain_text_input","focus_on_load":true}`)), `"block_id":"in",`, "")), "only one element can be focused"},
		"number without decimals?": {modal("", input(`{"type":"number_input"}`)), "missing required field: is_decimal_allowed"},
		"11 checkboxes":            {modal("", input(`{"type":"checkboxes","options":[`+times(11, option("o#", "#"))+`]}`)), "no more than 10 items"},
		"101 of a multi-select":    {modal("", input(`{"type":"multi_static_select","options":[`+times(101, option("o#", "#"))+`]}`)), "no more than 100 items"},
		"initial box of others":    {modal("", input(`{"type":"checkboxes","options":[`+option("a", "1")+`],"initial_options":[`+option("a", "2")+`]}`)), "must be one of the options"},
		"initial of a multi":       {modal("", input(`{"type":"multi_static_select","options":[`+option("a", "1")+`],"initial_options":[`+option("b", "1")+`]}`)), "must be one of the options"},
		"two of one block_id":      {modal("", times(2, input(fmt.Sprintf(`{"type":"plain_text_input","action_id":"%s"}`, "a#")))), "block_id must be unique"},
		"long block_id":            {modal("", `{"type":"divider","block_id":"`+long(256)+`"}`), "less than 256"},
		"initial day":              {modal("", input(`{"type":"datepicker","initial_date":"1.12.2026"}`)), "must be in the format"},
		"a home":                   {`{"type":"home","blocks":[` + section("a") + `]}`, "must be one of: modal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := workspace(t)

			a := call(t.Context(), t, s, s.Token, "views.open", `{"trigger_id":"`+s.Trigger("U1")+`","view":`+c.view+`}`)

			require.Equal(t, "invalid_arguments", a.Error)
			require.Contains(t, strings.Join(a.Metadata.Messages, "\n"), c.says)
			require.Empty(t, s.Stack("U1"))
		})
	}
}

func TestAViewAboveItsSizeIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := workspace(t)
	large := func(letter string, n int) string {
		blocks := make([]string, n)
		for i := range blocks {
			blocks[i] = section(strings.Repeat(letter, 2900))
		}
		return `{"type":"modal","title":` + plain("Deal") + `,"blocks":[` + strings.Join(blocks, ",") + `]}`
	}
	open := func(view string) string {
		return call(t.Context(), t, s, s.Token, "views.open", `{"trigger_id":"`+s.Trigger("U1")+`","view":`+view+`}`).Error
	}

	require.Empty(t, open(large("x", 80)))
	require.Equal(t, "view_too_large", open(large("x", 90)))
	require.Empty(t, open(large("щ", 14)))
	require.Equal(t, "view_too_large", open(large("щ", 15)), "whatever is counted, it is no more than that")
}
