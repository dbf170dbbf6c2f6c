package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

// reply is what Telegram answers to every call.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

func post(t *testing.T, address, kind string, body io.Reader) reply {
	t.Helper()
	resp, err := http.Post(address, kind, body)
	require.NoError(t, err)
	defer resp.Body.Close()
	var r reply
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&r))
	if r.OK {
		require.Equal(t, http.StatusOK, resp.StatusCode)
	} else {
		require.Equal(t, r.ErrorCode, resp.StatusCode)
	}
	return r
}

// ask calls a method with a JSON body.
func ask(t *testing.T, s *telegramtest.Server, method string, params map[string]any) reply {
	t.Helper()
	body, err := json.Marshal(params)
	require.NoError(t, err)
	return post(t, s.URL+"/bot"+s.Token+"/"+method, "application/json", bytes.NewReader(body))
}

func TestEveryFormOfRequestIsRead(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	address := s.URL + "/bot" + s.Token + "/sendMessage"

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("chat_id", "501"))
	require.NoError(t, form.WriteField("text", "one"))
	require.NoError(t, form.Close())
	require.True(t, post(t, address, form.FormDataContentType(), io.MultiReader(&body)).OK, "chunked, as the client sends it")

	values := url.Values{"chat_id": {"501"}, "text": {"two"}}
	require.True(t, post(t, address, "application/x-www-form-urlencoded", strings.NewReader(values.Encode())).OK)
	require.True(t, post(t, address, "application/json; charset=utf-8", strings.NewReader(`{"chat_id":501,"text":"three","disable_notification":true}`)).OK)
	require.True(t, post(t, address+"?chat_id=501&text=four", "", nil).OK)
	require.True(t, post(t, s.URL+"/bot"+s.Token+"/SENDMESSAGE?chat_id=501&text=five", "", nil).OK, "names of methods have no case")

	var texts []string
	for _, m := range s.Said(ann) {
		texts = append(texts, m.Text)
	}
	require.Equal(t, []string{"one", "two", "three", "four", "five"}, texts)
	require.True(t, s.Said(ann)[2].Silent)
}

func TestBrokenRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	address := s.URL + "/bot" + s.Token + "/sendMessage"

	for _, c := range []struct{ name, kind, body, want string }{
		{"json", "application/json", `{"chat_id":`, "can't parse JSON object"},
		{"multipart", "multipart/form-data; boundary=x", "--x\r\nnot a header", "can't parse multipart form data"},
		{"no kind", "text/plain", "chat_id=501&text=x", "chat_id is empty"},
		{"bytes that are no text", "application/x-www-form-urlencoded", "chat_id=501&text=%ff", "strings must be encoded in UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := post(t, address, c.kind, strings.NewReader(c.body))
			require.Equal(t, http.StatusBadRequest, r.ErrorCode)
			require.Contains(t, r.Description, "Bad Request: "+c.want)
		})
	}
}

func TestOnlyTheRightTokenAndKnownMethodsAreServed(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)

	r := post(t, s.URL+"/bot123:wrong/getMe", "", nil)
	require.Equal(t, http.StatusUnauthorized, r.ErrorCode)
	require.Equal(t, "Unauthorized", r.Description)
	r = post(t, s.URL+"/bot"+s.Token+"/sendEverything", "", nil)
	require.Equal(t, http.StatusNotFound, r.ErrorCode)
	r = post(t, s.URL+"/elsewhere", "", nil)
	require.Equal(t, http.StatusNotFound, r.ErrorCode)
	require.Len(t, s.Mistakes(), 2)
}
