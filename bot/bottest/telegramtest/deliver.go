package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Update is something that happened, as it is brought to the bot.
type Update struct {
	ID   int64
	Kind string // message, edited_message, channel_post, callback_query, my_chat_member
	JSON []byte
}

// Delivery is what became of an update.
type Delivery struct {
	Update  Update
	Message Message // what the person wrote, where they wrote
	Query   string  // id of the callback query, of a press
	// Unseen says that the bot is not shown this: privacy mode, not a member, not an allowed update.
	Unseen bool
	// Queued says that the update waits for getUpdates.
	Queued   bool
	URL      string
	Status   int // 0 when there was no answer, see Err
	Body     string
	Duration time.Duration
	Err      error
}

// OK tells whether Telegram would take the update for delivered.
func (d Delivery) OK() bool { return d.Err == nil && d.Status >= 200 && d.Status < 300 }

type options struct {
	thread, replyTo int
	held            bool
	times           int
	urls            []string
	secret          *string
	body            []byte
	caption         string
}

// Option is how somebody speaks, or how an update is brought.
type Option func(*options)

// Thread writes into that topic of a forum.
func Thread(id int) Option { return func(o *options) { o.thread = id } }

// ReplyTo answers that message of the same chat.
func ReplyTo(message int) Option { return func(o *options) { o.replyTo = message } }

// Caption is the text below a file.
func Caption(text string) Option { return func(o *options) { o.caption = text } }

// Held makes the update and does not bring it; Deliver does, later.
func Held() Option { return func(o *options) { o.held = true } }

// Times brings the update so many times at once to each address.
func Times(n int) Option { return func(o *options) { o.times = n } }

// To brings the update to these addresses instead of the webhook's.
func To(urls ...string) Option { return func(o *options) { o.urls = urls } }

// Secret sends another secret; an empty one leaves the header out.
func Secret(text string) Option { return func(o *options) { o.secret = &text } }

// Body sends these bytes in place of the update.
func Body(raw []byte) Option { return func(o *options) { o.body = raw } }

// update makes an update of what happened. The caller holds the lock.
func (s *Server) update(kind string, body object) Delivery {
	if !s.updates.takes(kind) {
		return Delivery{Unseen: true}
	}
	id := s.updates.next
	s.updates.next++
	raw, err := json.Marshal(object{"update_id": id, kind: body})
	if err != nil {
		s.tb.Errorf("telegramtest: encode update: %v", err)
	}
	return Delivery{Update: Update{ID: id, Kind: kind, JSON: raw}}
}

// bring takes an update to the bot in the way it has chosen.
func (s *Server) bring(d Delivery, opts []Option) Delivery {
	o := gather(opts)
	if d.Unseen || o.held {
		return d
	}
	s.mu.Lock()
	address := s.address()
	if s.updates.keep(d.Update); address == "" && len(o.urls) == 0 {
		s.signal()
		s.mu.Unlock()
		d.Queued = true
		return d
	}
	s.mu.Unlock()
	sent := s.Deliver(d.Update, opts...)
	last := sent[len(sent)-1]
	last.Message, last.Query = d.Message, d.Query
	return last
}

func gather(opts []Option) options {
	o := options{times: 1}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// Deliver posts an update to the webhook, all copies at once, and waits for all answers. It counts as
// delivered when one of them is 2xx, else it is kept for Redeliver.
func (s *Server) Deliver(u Update, opts ...Option) []Delivery {
	o := gather(opts)
	s.mu.Lock()
	urls, secret := o.urls, s.secret()
	if len(urls) == 0 {
		urls = []string{s.address()}
	}
	s.mu.Unlock()
	if urls[0] == "" {
		s.tb.Errorf("telegramtest: there is no webhook to post to, see Server.Bot and To")
		return []Delivery{{Update: u}}
	}
	if o.secret != nil {
		secret = *o.secret
	}
	body := u.JSON
	if o.body != nil {
		body = o.body
	}
	deliveries := make([]Delivery, 0, len(urls)*o.times)
	for _, url := range urls {
		for range o.times {
			deliveries = append(deliveries, Delivery{Update: u, URL: url})
		}
	}
	var all sync.WaitGroup
	for i := range deliveries {
		all.Go(func() { s.push(&deliveries[i], secret, body) })
	}
	all.Wait()
	s.settle(u, deliveries)
	return deliveries
}

func (s *Server) push(d *Delivery, secret string, body []byte) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, d.URL, bytes.NewReader(body))
	if err != nil {
		d.Err = err
		return
	}
	req.Header.Set("Content-Type", "application/json")
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	begin := time.Now()
	resp, err := s.Client.Do(req)
	d.Duration = time.Since(begin)
	if err != nil {
		d.Err = err
		return
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	d.Status, d.Body, d.Err, d.Duration = resp.StatusCode, string(answer), err, time.Since(begin)
	if d.OK() && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		s.replied(answer)
	}
}

// replied carries out the method call an answer to a webhook may hold; the bot does not learn its
// outcome: https://core.telegram.org/bots/api#making-requests-when-getting-updates.
func (s *Server) replied(answer []byte) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(answer, &fields) != nil || fields["method"] == nil {
		return
	}
	c := &call{params: map[string]string{}, files: map[string]upload{}}
	for name, raw := range fields {
		c.params[name] = plainJSON(raw)
	}
	c.method = c.params["method"]
	delete(c.params, "method")
	sp, known := s.specs[strings.ToLower(c.method)]
	r := &Refusal{Code: http.StatusNotFound, Description: "Not Found"}
	if known {
		_, r = s.apply(c, sp)
	}
	if r != nil {
		r.Method, r.Params = c.method, c.params
		s.mu.Lock()
		s.refusals = append(s.refusals, *r)
		s.mu.Unlock()
	}
}

// settle keeps or forgets an update by the answers to it.
func (s *Server) settle(u Update, deliveries []Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.signal()
	for _, d := range deliveries {
		if d.OK() {
			s.updates.confirm(u.ID)
			return
		}
	}
	s.updates.keep(u)
	s.hook.failedAt, s.hook.failure = s.Now(), deliveries[0].failure()
}

func (d Delivery) failure() string {
	if d.Err != nil {
		return "Connection failed"
	}
	return "Wrong response from the webhook: " + http.StatusText(d.Status)
}

// Redeliver posts again every update the bot has not taken, in their order, one after another, and
// stops at the first it refuses again.
func (s *Server) Redeliver() []Delivery {
	var sent []Delivery
	for _, u := range s.Pending() {
		d := s.Deliver(u)[0]
		if sent = append(sent, d); !d.OK() {
			break
		}
	}
	return sent
}
