package slacktest

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one Socket Mode connection of the bot.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	mu      sync.Mutex
	waiting map[string]chan acknowledged
	closed  chan struct{}
}

type acknowledged struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

// pingEvery is how often Slack pings; clients take silence for a dead line.
const pingEvery = 5 * time.Second

// Sockets is how many Socket Mode connections are open.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Disconnect asks every connection to be made anew, with a reason such as
// "warning" or "refresh_requested", and closes it.
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	open := s.sockets
	s.sockets = nil
	s.mu.Unlock()
	for _, k := range open {
		k.write(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-slacktest"}})
		_ = k.conn.Close()
	}
}

func (s *Server) closeSockets() {
	s.mu.Lock()
	open := s.sockets
	s.sockets = nil
	s.mu.Unlock()
	for _, k := range open {
		_ = k.conn.Close()
	}
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	valid := s.tickets[ticket]
	delete(s.tickets, ticket) // a URL of apps.connections.open connects once
	s.mu.Unlock()
	if !valid {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	upgrade := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrade.Upgrade(w, r, nil)
	if err != nil {
		return // answered by the upgrader
	}
	k := &socket{conn: conn, waiting: map[string]chan acknowledged{}, closed: make(chan struct{})}
	go k.ping()
	s.mu.Lock()
	s.sockets = append(s.sockets, k)
	count := len(s.sockets)
	s.mu.Unlock()
	k.write(map[string]any{
		"type": "hello", "num_connections": count, "connection_info": map[string]any{"app_id": s.AppID},
		"debug_info": map[string]any{"host": "applink-slacktest", "approximate_connection_time": 3600},
	})
	s.listen(k)
}

// listen takes acknowledgements until the connection ends.
func (s *Server) listen(k *socket) {
	defer func() {
		close(k.closed)
		_ = k.conn.Close()
		s.mu.Lock()
		for i, one := range s.sockets {
			if one == k {
				s.sockets = append(s.sockets[:i:i], s.sockets[i+1:]...)
				break
			}
		}
		s.mu.Unlock()
	}()
	for {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack acknowledged
		if json.Unmarshal(raw, &ack) != nil || ack.EnvelopeID == "" {
			s.fault("socket: not an acknowledgement")
			continue
		}
		if len(raw) >= maxSocketAnswer {
			s.fault("socket: an acknowledgement of %d bytes is dropped", len(raw))
			continue
		}
		k.mu.Lock()
		wait := k.waiting[ack.EnvelopeID]
		delete(k.waiting, ack.EnvelopeID)
		k.mu.Unlock()
		if wait == nil {
			s.fault("socket: acknowledged twice or never sent: %s", ack.EnvelopeID)
			continue
		}
		wait <- ack
	}
}

func (k *socket) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		k.writing.Lock()
		err := k.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink"), time.Now().Add(pingEvery))
		k.writing.Unlock()
		if err != nil {
			return
		}
		select {
		case <-tick.C:
		case <-k.closed:
			return
		}
	}
}

func (k *socket) write(v any) bool {
	k.writing.Lock()
	defer k.writing.Unlock()
	return k.conn.WriteJSON(v) == nil
}

// errNoSocket tells that the bot has no Socket Mode connection.
var errNoSocket = errors.New("the bot has no open socket")

// errNoAck tells that an envelope was not acknowledged.
var errNoAck = errors.New("not acknowledged")

func (s *Server) overSocket(req Request, o sending) Reply {
	r := Reply{Request: req}
	envelope := map[string]any{"payload": req.payload}
	switch req.Kind {
	case "command":
		envelope["type"], envelope["accepts_response_payload"] = "slash_commands", true
	case "event":
		envelope["type"], envelope["accepts_response_payload"] = "events_api", false
		envelope["retry_attempt"], envelope["retry_reason"] = o.retry, o.reason
	default:
		kind, _ := req.payload["type"].(string)
		envelope["type"], envelope["accepts_response_payload"] = "interactive", kind == "view_submission" || kind == "block_suggestion"
	}
	s.mu.Lock()
	id := s.id("envelope-")
	var k *socket
	if len(s.sockets) > 0 { // any of them, as Slack does
		k = s.sockets[s.nextConn%len(s.sockets)]
		s.nextConn++
	}
	s.mu.Unlock()
	if k == nil {
		r.Err = errNoSocket
		return r
	}
	envelope["envelope_id"] = id
	wait := make(chan acknowledged, 1)
	k.mu.Lock()
	k.waiting[id] = wait
	k.mu.Unlock()
	began := time.Now()
	late := time.NewTimer(2 * s.AckWithin)
	defer late.Stop()
	if !k.write(envelope) {
		r.Err = errNoSocket
		return r
	}
	select {
	case ack := <-wait:
		r.took(ack, began)
	case <-k.closed:
		r.Err = errNoAck
		select { // it may have come just before the end
		case ack := <-wait:
			r.took(ack, began)
		default:
		}
	case <-late.C:
		r.Err = errNoAck
	}
	return r
}

func (r *Reply) took(ack acknowledged, began time.Time) {
	r.Took, r.Status, r.Err = time.Since(began), http.StatusOK, nil
	if string(ack.Payload) != "null" {
		r.Body = string(ack.Payload)
	}
}
