package slack

import (
	"strconv"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
)

func (r *renderer) fields(all []message.Field) {
	var texts []*slackapi.TextBlockObject
	var words message.Line
	flush := func() {
		if len(texts) > 0 {
			r.addLine(slackapi.NewSectionBlock(nil, texts, nil), words)
		}
		texts, words = nil, nil
	}
	for _, f := range all {
		value := flat(clean(f.Value))
		l := append(message.Line{message.Bold(oneLine(f.Label) + ":"), message.Plain("\n")}, value...)
		if cost(l) > maxField {
			flush()
			r.section(l)
			continue
		}
		if len(texts) == maxFields || cost(words)+cost(l) > maxMenu {
			flush()
		}
		texts, words = append(texts, styled(l)), append(words, message.Plain(oneLine(f.Label)+": "+value.String()+"\n"))
	}
	flush()
}

// list puts items one below the other; those with buttons have a block of their own.
func (r *renderer) list(list message.List) {
	var run []message.Line
	flush := func() {
		r.lines(run)
		run = nil
	}
	for i, item := range list.Items {
		bullet := "• "
		if list.Ordered {
			bullet = strconv.Itoa(i+1) + ". "
		}
		l := append(message.Line{message.Plain(bullet)}, flat(clean(item.Text))...)
		switch {
		case len(item.Buttons) == 0:
			run = append(run, l)
		case len(item.Buttons) == 1 && cost(l) <= maxSection:
			flush()
			block := slackapi.NewSectionBlock(styled(l), nil, slackapi.NewAccessory(r.button(item.Buttons[0])))
			r.addLine(block, append(l, message.Plain(" "+label(item.Buttons[0].Label, maxButton))))
		default:
			flush()
			r.section(l)
			r.buttons(item.Buttons, "")
		}
	}
	flush()
}

// lines puts lines into as few blocks as they fit in. A line that cannot be marked up does not
// take the marks from the others.
func (r *renderer) lines(all []message.Line) {
	var together message.Line
	marked := false
	flush := func() {
		if len(together) > 0 {
			r.section(together)
		}
		together = nil
	}
	for _, l := range all {
		if len(together) > 0 && (cost(together)+1+cost(l) > maxSection || marks(l) != marked) {
			flush()
		}
		if len(together) > 0 {
			together = append(together, message.Plain("\n"))
		}
		together, marked = append(together, l...), marks(l)
	}
	flush()
}
