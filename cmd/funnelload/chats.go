package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// screen is what a chat shows last: a message of the bot with the buttons under it.
type screen struct {
	message int64
	// text is without markup, and markup is the keyboard as the bot has sent it.
	text   string
	markup json.RawMessage
	keys   []screenKey
}

// screenKey is a button (https://core.telegram.org/bots/api#inlinekeyboardbutton).
type screenKey struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// chat is a private chat of one person with the bot.
type chat struct {
	id int64

	mu sync.Mutex
	screen
	// count is how often something was shown, and first when that was for the first time after the
	// person had done something.
	count int
	first time.Time
	// shown is signalled with everything that is shown.
	shown chan struct{}
}

func newChat(id int64) *chat { return &chat{id: id, shown: make(chan struct{}, 1)} }

// acts begins an input of the person: what is shown from now on answers it.
func (c *chat) acts() screen {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count = 0
	select {
	case <-c.shown:
	default:
	}
	return c.screen
}

// await returns what is shown in answer to the input and when that came, or false if nothing does in
// time.
func (c *chat) await(ctx context.Context, most time.Duration) (screen, time.Time, bool) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		c.mu.Lock()
		s, at, n := c.screen, c.first, c.count
		c.mu.Unlock()
		if n > 0 {
			return s, at, true
		}
		select {
		case <-c.shown:
		case <-timer.C:
			return s, time.Time{}, false
		case <-ctx.Done():
			return s, time.Time{}, false
		}
	}
}

// show puts a message at the end of the chat, or in its place there. One that is edited further up is
// not looked at.
func (c *chat) show(s screen, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.message < c.message {
		return
	}
	if c.count++; c.count == 1 {
		c.first = at
	}
	c.screen = s
	select {
	case c.shown <- struct{}{}:
	default:
	}
}

// chats stand in for Telegram with chats in which the last message can be read. What else the bot
// calls is answered as by the fakes.
type chats struct {
	all    map[int64]*chat
	others *fakes
	server *http.Server
	ended  chan error
}

// openChats listens at an address of this machine until close.
func openChats(ctx context.Context, all map[int64]*chat) (c *chats, address string, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", fmt.Errorf("listen: %w", err)
	}
	c = &chats{all: all, others: newFakes(""), ended: make(chan error, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc(fakeTelegram+"{token}/{method}", c.telegram)
	c.server = &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout}
	go func() { c.ended <- c.server.Serve(l) }()
	return c, "http://" + l.Addr().String(), nil
}

// rest closes the connections over which nothing goes, so that they are none of what is counted of
// the bot at rest.
func (c *chats) rest() {
	c.server.SetKeepAlivesEnabled(false)
	c.server.SetKeepAlivesEnabled(true)
}

func (c *chats) close() error {
	err := c.server.Close()
	if ended := <-c.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

func (c *chats) telegram(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	method := r.PathValue("method")
	if method != "sendMessage" && method != "editMessageText" {
		c.others.telegram(w, r)
		return
	}
	s, chat, err := c.read(r, method)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		answer(w, object{"ok": false, "error_code": http.StatusBadRequest, "description": "Bad Request: " + err.Error()})
		return
	}
	result := object{
		"message_id": s.message, "date": at.Unix(), "text": s.text, "chat": object{"id": chat.id, "type": "private"},
	}
	if len(s.markup) > 0 {
		result["reply_markup"] = s.markup
	}
	chat.show(s, at)
	answer(w, object{"ok": true, "result": result})
}

var (
	errNoChat    = errors.New("chat not found")
	errNoMessage = errors.New("message to edit not found")
	tag          = regexp.MustCompile(`</?[a-z]+(?: [^>]*)?>`)
)

// read takes a message apart as the bot sends it: text in HTML, the keyboard in JSON.
func (c *chats) read(r *http.Request, method string) (s screen, to *chat, err error) {
	given := parameters(r)
	id, err := strconv.ParseInt(given("chat_id"), 10, 64)
	if to = c.all[id]; err != nil || to == nil {
		return s, nil, errNoChat
	}
	s.text = html.UnescapeString(tag.ReplaceAllString(given("text"), ""))
	if markup := given("reply_markup"); markup != "" {
		var board struct {
			Rows [][]screenKey `json:"inline_keyboard"`
		}
		if err := json.Unmarshal([]byte(markup), &board); err != nil {
			return s, nil, fmt.Errorf("can't parse reply keyboard markup: %w", err)
		}
		for _, row := range board.Rows {
			s.keys = append(s.keys, row...)
		}
		s.markup = json.RawMessage(markup)
	}
	if method == "sendMessage" {
		s.message = c.others.serial.Add(1) % (1 << 31)
		return s, to, nil
	}
	if s.message, err = strconv.ParseInt(given("message_id"), 10, 64); err != nil {
		return s, nil, errNoMessage
	}
	return s, to, nil
}
