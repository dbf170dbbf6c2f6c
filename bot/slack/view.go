package slack

import (
	"context"
	"fmt"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// openView shows a view to the one whose act gave the trigger.
func (d *Door) openView(ctx context.Context, trigger string, m slackapi.ModalViewRequest) (shown, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	r, err := d.api.OpenViewContext(ctx, trigger, m)
	if err == nil && r.ID == "" {
		err = errNoReason
	}
	if err != nil {
		return shown{}, fmt.Errorf("views.open: %w", err)
	}
	return shown{id: r.ID, hash: r.Hash}, nil
}

// updateView puts something else into a view. Where the person has gone on in it since, it stays.
func (d *Door) updateView(ctx context.Context, v shown, m slackapi.ModalViewRequest) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	r, err := d.api.UpdateViewContext(ctx, m, "", v.hash, v.id)
	if err == nil && r.ID == "" {
		err = errNoReason
	}
	if err != nil {
		return fmt.Errorf("views.update: %w", err)
	}
	return nil
}

// meanwhile is what is responded when the answer takes longer than Slack waits.
func (d *Door) meanwhile(a act) any {
	p := d.printer("")
	if u, ok := d.users.get(d.Clock(), a.user); ok {
		p = d.printer(string(describe(funnel.Caller{}, u).Locale))
	}
	switch a.way {
	case byCommand:
		return aside(p, "slack.working")
	case bySubmit:
		m := loading(p, a.origin)
		return slackapi.NewUpdateViewSubmissionResponse(&m)
	case byMention, byMessage, byPress, byShortcut, byClose:
	}
	return nil
}

// excuse is responded to a command that cannot be answered at all.
func (d *Door) excuse() any { return aside(d.printer(""), "slack.no_answer") }

// aside is a response of one sentence.
func aside(p *text.Printer, key string) any {
	r := (&renderer{p: p}).render(message.New(message.Para(message.Plain(p.Say(key, nil)))))
	return responded(r.pages[0], false)
}
