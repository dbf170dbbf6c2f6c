package funnel_test

import (
	"context"

	"funnelbot/funnel"
)

// doors is what the ledger keeps of who may speak and where.
type doors struct {
	invitations []funnel.Invitation
	revoked     []funnel.ID
	chats       map[funnel.ChatRef]funnel.Chat
	application *funnel.Application
	applicant   *funnel.Member
	letters     []funnel.Letter
	// entry is what somebody who wants to be let in is met with, and entrance what came of it.
	entry    funnel.Entry
	entrance *funnel.Entrance
}

func (d *doors) read(reads funnel.AccessReads) funnel.AccessSnapshot {
	snap := funnel.AccessSnapshot{Known: reads.Known}
	if c, ok := d.chats[reads.Chat]; ok {
		snap.Chat = &c
	}
	if a := d.application; a != nil && a.Code == reads.Application {
		kept := *a
		snap.Application, snap.Applicant = &kept, d.applicant
	}
	return snap
}

func (l *ledger) write(w *funnel.AccessWrites) {
	d := &l.doors
	if w.Invitation != nil {
		d.invitations = append(d.invitations, *w.Invitation)
	}
	if !w.Revoke.IsZero() {
		d.revoked = append(d.revoked, w.Revoke)
	}
	if c := w.Chat; c != nil {
		if d.chats == nil {
			d.chats = map[funnel.ChatRef]funnel.Chat{}
		}
		d.chats[funnel.ChatRef{Door: c.Door, External: c.External}] = *c
	}
	delete(d.chats, w.Disconnect)
	if w.Application != nil {
		d.application = w.Application
	}
	if w.Seat != nil {
		l.members[w.Seat.Member.ID] = w.Seat.Member
	}
	d.letters = append(d.letters, w.Letters...)
}

// Admit implements [funnel.Admissions] for one who is met with the entry of the ledger.
func (l *ledger) Admit(
	_ context.Context, _ funnel.Knock, decide func(*funnel.Entry) (*funnel.Entrance, error),
) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doors.entrance = nil
	entry := l.doors.entry
	out, err := decide(&entry)
	if err != nil {
		return err
	}
	l.doors.entrance = out
	if out.Refused != nil {
		return out.Refused
	}
	return nil
}
