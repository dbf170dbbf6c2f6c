package message

import (
	"strconv"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// qualifyNotice tells somebody that a qualification waits for an answer, or that it is asked no more.
// Of a deal that has been closed or given away since there is nothing to say.
func (c *composer) qualifyNotice(n funnel.Notification, deal *funnel.DealView) []Block {
	if !deal.ID.IsZero() && deal.Outcome != funnel.Open {
		return nil
	}
	args := text.Args{"ref": viewRef(deal), "given": n.Data["given"], "of": n.Data["of"]}
	lead := c.line("notice.qualify_waiting", args)
	if n.Kind == funnel.NoticeQualifyEnded {
		lead = c.line("notice.qualify_ended", args)
	}
	action := string(commands.VerbQualify) + ":" + strconv.FormatInt(deal.Number, 10) + ":0"
	return []Block{Paragraph{lead}, Buttons{[]Button{
		{Label: c.say("button.go_on", nil), Action: action, Look: Primary}, c.showButton(deal.Number),
	}}}
}
