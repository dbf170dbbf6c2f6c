package telegramtest

import (
	"fmt"
	"net/http"
	"strings"
)

// Refusal is one call of the bot that Telegram does not carry out.
type Refusal struct {
	Method      string
	Code        int    // HTTP status and error_code
	Description string // as Telegram words it, with its prefix ("Bad Request: ...")
	RetryAfter  int    // seconds, with 429
	MigrateTo   int64  // the new chat id when a group has become a supergroup
	// Params are the parameters of the call as they arrived.
	Params map[string]string
	// World says that the refusal follows from what people or the platform did (blocked, kicked,
	// migrated, limited, the same text again, an expired query) and not from a mistake in the call.
	World bool
}

func bad(format string, args ...any) *Refusal {
	return &Refusal{Code: http.StatusBadRequest, Description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(text string) *Refusal {
	return &Refusal{Code: http.StatusForbidden, Description: "Forbidden: " + text, World: true}
}

func conflict(text string) *Refusal {
	return &Refusal{Code: http.StatusConflict, Description: "Conflict: " + text}
}

func limited(seconds int) *Refusal {
	return &Refusal{
		Code: http.StatusTooManyRequests, RetryAfter: seconds, World: true,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
	}
}

func (r *Refusal) world() *Refusal {
	r.World = true
	return r
}

func (r *Refusal) wire() object {
	o := object{"ok": false, "error_code": r.Code, "description": r.Description}
	params := object{}
	if r.RetryAfter > 0 {
		params["retry_after"] = r.RetryAfter
	}
	if r.MigrateTo != 0 {
		params["migrate_to_chat_id"] = r.MigrateTo
	}
	if len(params) > 0 {
		o["parameters"] = params
	}
	return o
}

// Refusals are all calls refused so far, oldest first, without the faults ordered by Fail.
func (s *Server) Refusals() []Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Refusal(nil), s.refusals...)
}

// Mistakes are the refusals a correct bot never earns: those that do not follow from what people
// or the platform did. Tests require it to be empty.
func (s *Server) Mistakes() []Refusal {
	var mistakes []Refusal
	for _, r := range s.Refusals() {
		if !r.World {
			mistakes = append(mistakes, r)
		}
	}
	return mistakes
}

// Forget empties the lists of refusals and calls, for a test that provoked some and goes on.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals, s.calls = nil, nil
}

func quoted(words []string) string {
	return `"` + strings.Join(words, `", "`) + `"`
}
