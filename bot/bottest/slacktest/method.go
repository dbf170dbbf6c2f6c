package slacktest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Call is one request to the Web API that was read, whether it was refused or
// not.
type Call struct {
	Method string
	// Args are the arguments without the token; JSON arguments are decoded.
	Args map[string]any
	At   time.Time
}

// Calls are the requests to the method, in order; all of them for "".
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.calls), func(c Call) bool { return method != "" && c.Method != method })
}

// refused is how a method says no.
type refused struct {
	code     string
	messages []string
	needed   string // scopes
}

func no(code string, messages ...string) *refused { return &refused{code: code, messages: messages} }

func lacking(scope string) *refused { return &refused{code: "missing_scope", needed: scope} }

type args map[string]any

func (a args) str(name string) string {
	switch v := a[name].(type) {
	case string:
		return v
	case float64, bool:
		raw, _ := json.Marshal(v) //nolint:errchkjson // a number or a boolean
		return string(raw)
	default:
		return ""
	}
}

func (a args) yes(name string) bool {
	v := a.str(name)
	return v == "true" || v == "1"
}

// method is one entry of the API: what it takes, what of that it needs, and
// what it does under the server's lock.
type method struct {
	takes, needs string
	scope        string
	app          bool // wants the app-level token
	do           func(s *Server, a args) (map[string]any, *refused)
}

func methods() map[string]method {
	all := map[string]method{}
	for _, group := range []map[string]method{knowing(), conversing(), chatting(), viewing(), filing()} {
		maps.Copy(all, group)
	}
	return all
}

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	fault := s.takeFault(name)
	if fault.before(w, r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	answer, headers := s.call(name, r, body)
	if fault.after(w, r) {
		return
	}
	maps.Copy(w.Header(), headers)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if headers.Get("Retry-After") != "" {
		w.WriteHeader(http.StatusTooManyRequests)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *Server) call(name string, r *http.Request, body []byte) (map[string]any, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	headers := http.Header{}
	a, token, bad := decodeArgs(r, body)
	if bad == nil {
		s.calls = append(s.calls, Call{Method: name, Args: maps.Clone(a), At: s.Now()})
		if wait := s.overRate(name, a); wait > 0 {
			headers.Set("Retry-After", wait.header())
			return map[string]any{"ok": false, "error": "ratelimited"}, headers
		}
		var done map[string]any
		if done, bad = s.perform(name, token, a); bad == nil {
			done["ok"] = true
			headers.Set("X-OAuth-Scopes", strings.Join(s.Scopes, ","))
			return done, headers
		}
	}
	s.refuse(name, bad.code, bad.messages...)
	answer := map[string]any{"ok": false, "error": bad.code}
	if len(bad.messages) > 0 {
		answer["response_metadata"] = map[string]any{"messages": bad.messages}
	}
	if bad.needed != "" {
		answer["needed"], answer["provided"] = bad.needed, strings.Join(s.Scopes, ",")
	}
	return answer, headers
}

func (s *Server) perform(name, token string, a args) (map[string]any, *refused) {
	m, known := methods()[name]
	if !known {
		return nil, no("unknown_method")
	}
	want := s.Token
	if m.app {
		want = s.AppToken
	}
	switch {
	case token == "":
		return nil, no("not_authed")
	case token != want && (token == s.Token || token == s.AppToken):
		return nil, no("not_allowed_token_type")
	case token != want:
		return nil, no("invalid_auth")
	case !s.installed:
		return nil, no("account_inactive")
	case m.scope != "" && !s.hasScope(m.scope):
		return nil, lacking(m.scope)
	}
	takes := strings.Fields(m.takes + " " + m.needs)
	for _, field := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(takes, field) {
			return nil, no("invalid_arguments", "[ERROR] unknown argument: "+field)
		}
	}
	for field := range strings.FieldsSeq(m.needs) {
		if v, given := a[field]; !given || v == "" || v == nil {
			return nil, no("invalid_arguments", "[ERROR] missing required field: "+field)
		}
	}
	return m.do(s, a)
}

// jsonArgs are those a form carries as JSON text.
const jsonArgs = " blocks attachments metadata view files file_ids "

func decodeArgs(r *http.Request, body []byte) (args, string, *refused) {
	a := args{}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &a); err != nil && len(body) > 0 { // nothing stands for no arguments
			return nil, "", no("invalid_json")
		}
	} else {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, "", no("invalid_form_data")
		}
		maps.Copy(form, r.URL.Query())
		for name, values := range form {
			if len(values) > 1 {
				return nil, "", no("invalid_arguments", "[ERROR] given twice: "+name)
			}
			a[name] = values[0]
		}
	}
	if given := a.str("token"); given != "" {
		token = given
	}
	delete(a, "token")
	for name, v := range a {
		text, isText := v.(string)
		if !isText || text == "" || !strings.Contains(jsonArgs, " "+name+" ") {
			continue
		}
		var decoded any
		if json.Unmarshal([]byte(text), &decoded) != nil {
			return nil, "", no("invalid_"+name, "[ERROR] not JSON: "+name)
		}
		a[name] = decoded
	}
	return a, token, nil
}
