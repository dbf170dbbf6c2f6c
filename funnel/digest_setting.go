package funnel

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// DigestSetting says where and when a digest comes, and what is in it.
type DigestSetting struct {
	Workspace ID
	ID        ID
	// Member gets it in private; zero for one that goes to Chat.
	Member ID
	Chat   ChatRef
	// At is the time of day, as 15:04 in the zone of the member, or of the workspace.
	At string
	// Without are the sections that are not wanted, in their order.
	Without []DigestSection
	// FullOn is the day of the week on which the analysis is told in full.
	FullOn time.Weekday
	// Off says that it does not come.
	Off bool
	// Day is the last day that was counted: its digest was owed, or it needs none.
	Day     Date
	Version int64
}

// Wants reports whether the section is wanted.
func (d *DigestSetting) Wants(s DigestSection) bool { return !slices.Contains(d.Without, s) }

// DigestWish is a change of a digest's setting. What is empty stays as it is.
type DigestWish struct {
	// Chat is where it goes; zero for the member's own.
	Chat ChatRef `json:"chat,omitzero"`
	// At is when it comes, 09:00, or [WishOff].
	At string `json:"at,omitzero"`
	// With and Without are sections to take in and to leave out.
	With    []DigestSection `json:"with,omitempty"`
	Without []DigestSection `json:"without,omitempty"`
	// FullOn is the day of the full analysis.
	FullOn *time.Weekday `json:"full_on,omitempty"`
}

// IsZero reports whether nothing is wished; where it goes is no wish.
func (w DigestWish) IsZero() bool {
	return w.At == "" && len(w.With) == 0 && len(w.Without) == 0 && w.FullOn == nil
}

// DefaultDigestAt is when a digest comes where a section is chosen before a time was.
const DefaultDigestAt = "09:00"

// apply changes the setting. A digest whose time is over today begins with the next day.
func (w DigestWish) apply(d *DigestSetting, now time.Time, zone *time.Location) error {
	switch w.At {
	case "":
	case WishOff:
		d.Off = true
	default:
		at, err := ParseClock(w.At)
		if err != nil {
			return Refuse(CodeBadValue, Args{"field": "time", "value": shown(w.At)})
		}
		if today := DateOf(now.In(zone)); d.Off && d.Day.Before(today.AddDays(-1)) {
			// Days on which none was wanted are not missed.
			d.Day = today.AddDays(-1)
		}
		d.At, d.Off = at.String(), false
		if today := DateOf(now.In(zone)); !now.Before(at.On(today, zone)) && d.Day.Before(today) {
			d.Day = today
		}
	}
	for _, s := range slices.Concat(w.With, w.Without) {
		if !slices.Contains(DigestSections(), s) {
			return Refuse(CodeBadValue, Args{"field": "section", "value": shown(string(s))})
		}
	}
	d.Without = slices.DeleteFunc(slices.Clone(d.Without), func(s DigestSection) bool { return slices.Contains(w.With, s) })
	for _, s := range w.Without {
		if d.Wants(s) {
			d.Without = append(d.Without, s)
		}
	}
	if w.FullOn != nil {
		if *w.FullOn < time.Sunday || *w.FullOn > time.Saturday {
			return Refuse(CodeBadValue, Args{"field": "day", "value": shown(w.FullOn.String())})
		}
		d.FullOn = *w.FullOn
	}
	return nil
}

// DigestComes reports whether a digest comes by itself to a member, or to a chat where that is not zero.
func (s *Service) DigestComes(ctx context.Context, workspace, member ID, chat ChatRef) (bool, error) {
	set, err := s.store.DigestSetting(ctx, workspace, member, chat)
	if err != nil {
		return false, fmt.Errorf("read where a digest comes: %w", err)
	}
	return set != nil && !set.Off, nil
}

// SetDigest changes where, when and with what in it a digest comes. Managers and admins; a chat has to
// be a connected one that only colleagues read, else the refusal is [CodeNotConnected].
func (s *Service) SetDigest(ctx context.Context, a Act, w DigestWish) (DigestSetting, error) {
	was, err := s.store.DigestSetting(ctx, a.Workspace, a.Member, w.Chat)
	if err != nil {
		return DigestSetting{}, fmt.Errorf("read the setting of a digest: %w", err)
	}
	intent := struct {
		Verb string
		Wish DigestWish
	}{"digest", w}
	reads := Reads{Access: AccessReads{Chat: w.Chat}}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (DigestSetting, *Writes, error) {
		now := DigestSetting{Workspace: a.Workspace, ID: e.NewID(), Member: a.Member, At: DefaultDigestAt, FullOn: time.Monday, Off: true}
		zone := e.Actor.Location(e.Workspace)
		if !e.Actor.Role.Allows(Manager) {
			return now, nil, Refuse(CodeForbidden, Args{"role": Manager})
		}
		if w.Chat != (ChatRef{}) {
			chat := snap.Access.Chat
			if chat == nil || chat.Workspace != a.Workspace || !chat.Internal {
				return now, nil, Refuse(CodeNotConnected, nil)
			}
			now.Member, now.Chat, zone = ID{}, w.Chat, e.Workspace.Location()
		}
		if was != nil {
			now = *was
		}
		if err := w.apply(&now, e.Now, zone); err != nil {
			return now, nil, err
		}
		now.Version++
		return now, &Writes{Digest: &now, Change: e.accessChange("digest", map[string]string{"at": w.At})}, nil
	})
	return r, err
}

// Due returns the day of the place at now, and whether its digest is due: on working days of the
// workspace, from the time that was chosen until midnight, and not while the member is away.
func (p *DigestPlace) Due(now time.Time) (Date, bool) {
	zone := p.Zone()
	on := DateOf(now.In(zone))
	at, err := ParseClock(p.Setting.At)
	if err != nil || p.Workspace.Calendar.On(on).Off() || now.Before(at.On(on, zone)) {
		return on, false
	}
	if !p.Open() || p.Member.Away(p.Workspace, now) {
		return on, false
	}
	return on, p.Setting.Day.Before(on)
}

// Open reports whether there is somebody who wants the digest and may read it.
func (p *DigestPlace) Open() bool {
	return !p.Setting.Off && (p.Setting.Member.IsZero() || p.Member.Active && p.Member.Role.Allows(Manager))
}

// Zone returns where the days of the place are counted.
func (p *DigestPlace) Zone() *time.Location {
	if p.Member.IsZero() {
		return p.Workspace.Location()
	}
	return p.Member.Location(p.Workspace)
}
