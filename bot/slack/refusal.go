package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
)

// errNoReason is an answer of Slack that says neither yes nor why not.
var errNoReason = errors.New("refused without a reason")

// refusedFor reports whether Slack refused with one of the codes.
func refusedFor(err error, codes ...string) bool {
	var r slackapi.SlackErrorResponse
	return errors.As(err, &r) && slices.Contains(codes, r.Err)
}

// Codes of chat.postMessage and chat.update by what follows from them
// (https://docs.slack.dev/reference/methods/chat.postMessage#errors).
func goneCodes() []string {
	return []string{
		"is_archived", "channel_not_found", "not_in_channel", "user_disabled", "user_not_found", "cannot_dm_bot",
		"restricted_action_read_only_channel", "restricted_action_non_threadable_channel", "user_not_in_channel", "user_not_visible",
		"messages_tab_disabled",
	}
}

// laterCodes leave the message waiting: most of them are about the bot and its token, which somebody
// mends, and say nothing of the destination.
func laterCodes() []string {
	return []string{
		"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org", "org_login_required", "invalid_auth",
		"not_authed", "missing_scope", "token_expired", "token_revoked", "account_inactive", "team_access_not_granted",
		"no_permission", "restricted_action",
	}
}

// openCodes are those after which some of the request may have been done.
func openCodes() []string {
	return []string{"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
}

// fault says what an error of Slack means for a message that was being sent: see [bot.Sender].
// What is not known here leaves it in doubt.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		err = request.Err // its address may be a secret, as that of a response_url is
	}
	err = fmt.Errorf("%s: %w", op, err)
	var limited *slackapi.RateLimitedError
	var status slackapi.StatusCodeError
	var refused slackapi.SlackErrorResponse
	var dial *net.OpError
	switch {
	case errors.As(err, &limited):
		return &bot.RetryError{After: limited.RetryAfter, Err: err}
	case errors.As(err, &status):
		return statusFault(status.Code, err)
	case errors.Is(err, errNoReason):
		return &bot.RetryError{Err: err}
	case errors.As(err, &refused):
		return codeFault(refused.Err, err)
	case errors.As(err, &dial) && dial.Op == "dial" && !errors.Is(err, context.DeadlineExceeded):
		return &bot.RetryError{Err: err} // nothing was written
	}
	return err
}

// statusFault is about an answer without a code. After 500 and 504 the message may be there.
func statusFault(code int, err error) error {
	switch {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable, code == http.StatusBadGateway:
		return &bot.RetryError{Err: err}
	case code >= http.StatusInternalServerError:
		return err
	}
	return &bot.RejectedError{Err: err}
}

func codeFault(code string, err error) error {
	switch {
	case slices.Contains(goneCodes(), code):
		return &bot.GoneError{Err: err}
	case slices.Contains(laterCodes(), code):
		return &bot.RetryError{Err: err}
	case slices.Contains(openCodes(), code):
		return err
	}
	return &bot.RejectedError{Err: err}
}

// certain reports whether the error says that nothing was posted.
func certain(err error) bool {
	var retry *bot.RetryError
	var gone *bot.GoneError
	var rejected *bot.RejectedError
	return errors.As(err, &retry) || errors.As(err, &gone) || errors.As(err, &rejected)
}

// retried reports whether the error says that the message may be accepted later.
func retried(err error) bool {
	var retry *bot.RetryError
	return errors.As(err, &retry)
}
