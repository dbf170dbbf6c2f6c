package message

import (
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// news tells the team that a deal was closed, or what holds where that was taken back.
func (c *composer) news(n funnel.Notification, deal *funnel.DealView) []Block {
	if deal == nil {
		// Without the deal nobody knows whether it still holds.
		return nil
	}
	c = c.of(deal.Kind)
	gone := !deal.VoidedAt.IsZero()
	if n.Kind == funnel.NoticeCorrected {
		return c.correction(n, deal, gone)
	}
	holds := map[funnel.NoticeKind]funnel.Outcome{funnel.NoticeWon: funnel.Won, funnel.NoticeLost: funnel.Lost}
	if gone || deal.Outcome != holds[n.Kind] {
		return nil
	}
	return c.closingNews(deal)
}

// closingNews is a deal that is won or lost. Where outsiders read along, it is told without what it is
// worth and without why.
func (c *composer) closingNews(deal *funnel.DealView) []Block {
	args := text.Args{"ref": viewRef(deal)}
	var line Line
	switch {
	case deal.Outcome == funnel.Won && (c.reader.Outsiders || deal.Amount.IsZero()):
		line = c.line("notice.won", args)
	case deal.Outcome == funnel.Won:
		line = c.line("notice.won_for", text.Args{"ref": args["ref"], "amount": c.amount(&deal.Deal)})
	case c.reader.Outsiders || deal.Reason == "":
		line = c.line("notice.lost", args)
	default:
		line = c.line("notice.lost_why", text.Args{"ref": args["ref"], "reason": text.ReasonKey(deal.Reason)})
	}
	if deal.OwnerName != "" {
		line = append(append(line, Plain(" ")), c.line("notice.owner", text.Args{"name": deal.OwnerName})...)
	}
	blocks := []Block{Paragraph{line}}
	if c.reader.Outsiders {
		return blocks
	}
	return append(blocks, Buttons{[]Button{c.showButton(deal.Number)}})
}

// correction takes the place of an announcement that was taken back.
func (c *composer) correction(n funnel.Notification, deal *funnel.DealView, gone bool) []Block {
	was := funnel.Outcome(n.Data["was"])
	switch {
	case gone:
		return []Block{Paragraph{c.line("notice.corrected_gone", text.Args{"ref": viewRef(deal), "was": was})}}
	case deal.Outcome != funnel.Open:
		return c.closingNews(deal)
	}
	return []Block{Paragraph{c.line("notice.corrected", text.Args{"ref": viewRef(deal), "was": was, "stage": deal.Stage})}}
}
