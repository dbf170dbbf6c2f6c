package slack

import (
	"context"
	"errors"
	"net/url"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
)

// hookDomains are where Slack's response_urls lead
// (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
func hookDomains() []string { return []string{"slack.com", "slack-gov.com"} }

var errForeignHook = errors.New("leads to somebody else")

// hook posts to a response_url. One that is used up or too old is like one that is not there. Whoever
// holds the signing secret could name any address, so none is called but Slack's.
func (d *Door) hook(ctx context.Context, address string, m *slackapi.WebhookMessage) error {
	if !d.slacks(address) {
		return &bot.RejectedError{Err: errForeignHook}
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return fault("response_url", slackapi.PostWebhookCustomHTTPContext(ctx, address, d.HTTP, m))
}

// slacks reports whether an address is one of Slack's, over https; where the Web API has an address
// of its own, the response_urls have its host.
func (d *Door) slacks(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if base, err := url.Parse(d.APIURL); err == nil && d.APIURL != "" && host == strings.ToLower(base.Hostname()) && host != "" {
		return u.Scheme == base.Scheme
	}
	for _, domain := range hookDomains() {
		if u.Scheme == "https" && u.Port() == "" && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return true
		}
	}
	return false
}
