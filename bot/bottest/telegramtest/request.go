package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// maxUpload is the largest file a bot may send: https://core.telegram.org/bots/api#sending-files.
const maxUpload = 50 << 20

// call is one request of the bot, its parameters as text whatever form they came in.
type call struct {
	method string
	params map[string]string
	files  map[string]upload
	at     time.Time
	done   <-chan struct{} // closed when the bot has gone away
}

type upload struct {
	name    string
	content []byte
}

// read takes the parameters of a request apart: from the address and from a multipart, urlencoded
// or JSON body. An error says that the bot went away before it had sent the whole of it. The body
// is read to its end, or the server would not notice that the bot goes away later.
func read(r *http.Request, sp spec) (*call, *Refusal, error) {
	c := &call{method: sp.name, params: map[string]string{}, files: map[string]upload{}, done: r.Context().Done()}
	take(c, r.URL.Query())
	sent, err := io.ReadAll(io.LimitReader(r.Body, maxUpload+1<<20))
	if err != nil {
		return c, nil, err
	}
	body := bytes.NewReader(sent)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var refusal *Refusal
	switch kind {
	case "multipart/form-data":
		refusal = c.readParts(multipart.NewReader(body, params["boundary"]))
	case "application/json":
		refusal = c.readJSON(body)
	case "application/x-www-form-urlencoded":
		refusal = c.readForm(body)
	} // from a body of another kind Telegram reads no parameters
	for _, value := range c.params {
		if !utf8.ValidString(value) {
			return c, bad("strings must be encoded in UTF-8"), nil
		}
	}
	return c, refusal, nil
}

func take(c *call, values url.Values) {
	for name := range values {
		c.params[name] = values.Get(name)
	}
}

func (c *call) readParts(parts *multipart.Reader) *Refusal {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) { // a call without parameters has a body of no bytes
			return nil
		}
		if err != nil {
			return bad("can't parse multipart form data")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return bad("can't parse multipart form data")
		}
		if len(content) > maxUpload {
			return &Refusal{Code: http.StatusRequestEntityTooLarge, Description: "Request Entity Too Large"}
		}
		if name := part.FormName(); part.FileName() != "" {
			c.files[name] = upload{name: part.FileName(), content: content}
		} else {
			c.params[name] = string(content)
		}
	}
}

func (c *call) readForm(body io.Reader) *Refusal {
	text, err := io.ReadAll(body)
	if err != nil {
		return bad("can't read the request")
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return bad("can't parse urlencoded form")
	}
	take(c, values)
	return nil
}

func (c *call) readJSON(body io.Reader) *Refusal {
	text, err := io.ReadAll(body)
	if err != nil {
		return bad("can't read the request")
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return bad("can't parse JSON object: %s", err)
	}
	for name, raw := range fields {
		c.params[name] = plainJSON(raw)
	}
	return nil
}

// plainJSON is a value as a form would carry it: strings bare, nothing for null, the rest as JSON.
func plainJSON(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text // null too: it leaves the text empty
	}
	return string(raw)
}

// decode reads a parameter that holds JSON, and refuses fields it does not know: Telegram ignores
// them, and the bot would not learn that it misspelt one.
func (c *call) decode(name, what string, into any) *Refusal {
	d := json.NewDecoder(strings.NewReader(c.params[name]))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return bad("can't parse %s: %s", what, strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return bad("can't parse %s: extra text after the value", what)
	}
	return nil
}
