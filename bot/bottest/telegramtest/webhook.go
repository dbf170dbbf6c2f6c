package telegramtest

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// hook is what setWebhook registered.
type hook struct {
	set         bool // setWebhook or deleteWebhook was called; until then Bot and WebhookSecret hold
	url         string
	secret      string
	connections int
	failedAt    time.Time
	failure     string
}

// address is where updates are posted, empty while the bot polls. The caller holds the lock.
func (s *Server) address() string {
	if s.hook.set && (s.hook.url == "" || s.Bot == "") {
		return s.hook.url
	}
	return s.Bot
}

func (s *Server) secret() string {
	if s.hook.set {
		return s.hook.secret
	}
	return s.WebhookSecret
}

var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Server) setWebhook(c *call) (any, *Refusal) {
	address := c.params["url"]
	if address == "" {
		return s.deleteWebhook(c)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, bad("bad webhook: invalid URL")
	}
	if u.Scheme != "https" {
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if port := u.Port(); port != "" && !slices.Contains([]string{"80", "88", "443", "8443"}, port) {
		return nil, bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && (ip.IsLoopback() || ip.IsPrivate()) {
		return nil, bad("bad webhook: IP address %s is reserved", ip)
	}
	if secret := c.params["secret_token"]; secret != "" && !secretPattern.MatchString(secret) {
		return nil, bad("secret token contains unallowed characters")
	}
	connections := int(c.int("max_connections"))
	if c.params["max_connections"] == "" {
		connections = 40
	}
	if connections < 1 || connections > 100 {
		return nil, bad("max_connections must be between 1 and 100, not %s", strconv.Itoa(connections))
	}
	if r := s.updates.allow(c); r != nil {
		return nil, r
	}
	s.hook = hook{set: true, url: address, secret: c.params["secret_token"], connections: connections}
	if c.bool("drop_pending_updates") {
		s.updates.pending = nil
	}
	return true, nil
}

func (s *Server) deleteWebhook(c *call) (any, *Refusal) {
	s.hook = hook{set: true}
	if c.bool("drop_pending_updates") {
		s.updates.pending = nil
	}
	return true, nil
}

func (s *Server) getWebhookInfo(*call) (any, *Refusal) {
	info := object{
		"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.updates.pending),
	}
	if !s.hook.set {
		info["url"] = s.Bot
	}
	if s.hook.connections > 0 {
		info["max_connections"], info["ip_address"] = s.hook.connections, "203.0.113.7"
	}
	if len(s.updates.allowed) > 0 {
		info["allowed_updates"] = s.updates.allowed
	}
	if s.hook.failure != "" {
		info["last_error_date"], info["last_error_message"] = s.hook.failedAt.Unix(), s.hook.failure
	}
	return info, nil
}

// Webhook is what the bot registered.
type Webhook struct {
	URL            string
	Secret         string
	MaxConnections int
	Allowed        []string // empty for the default set
}

// Webhook tells what is registered by setWebhook now; the zero value for none.
func (s *Server) Webhook() Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Webhook{
		URL: s.hook.url, Secret: s.hook.secret, MaxConnections: s.hook.connections,
		Allowed: slices.Clone(s.updates.allowed),
	}
}
