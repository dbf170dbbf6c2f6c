package funnel

// announce owes the chats of the workspace the news that a deal was closed, unless it is history.
// The identifier follows from the change, so that whoever takes the change back knows it.
func (d *Decision) announce(e *Env, kind NoticeKind) {
	deal := &d.After.Deal
	if e.Origin == FromImport || deal.Historical {
		return
	}
	d.Notices = append(d.Notices, Notification{
		ID: announcementID(deal.ID, d.Before.Deal.Version+1), Kind: kind, Team: true, Deal: deal.ID, Number: deal.Number,
		Actor: e.Actor.ID,
	})
}

// retract owes the chats in which the change was announced that is taken back what holds now.
func (d *Decision) retract(e *Env, was Change, now Outcome) {
	before, deal := was.Before.Deal, &d.After.Deal
	if before == nil || before.Outcome != Open || now == Open || deal.Historical {
		return
	}
	d.Notices = append(d.Notices, Notification{
		ID: e.NewID(), Kind: NoticeCorrected, Team: true, Replaces: announcementID(deal.ID, was.Version), Deal: deal.ID,
		Number: deal.Number, Actor: e.Actor.ID, Data: map[string]string{"was": string(now)},
	})
}
