package telegram

import (
	"strconv"
	"strings"
	"time"

	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/commands"
)

// clip returns what was handed over with a message: a file, a recording, a contact, a place, or words
// of somebody else. Nil: the message is somebody's own words. Files stay where they are and are kept
// by their reference.
func clip(m *tgmodels.Message, said string) *commands.Clip {
	c := attached(m)
	switch {
	case c != nil:
	case m.ForwardOrigin != nil && said != "":
		c = &commands.Clip{Kind: commands.ClipMessage}
	default:
		return nil
	}
	if said != "" {
		c.Text = strings.TrimSpace(c.Text + "\n" + said)
	}
	if o := m.ForwardOrigin; o != nil {
		c.From, c.At = origin(o)
	}
	return c
}

// quoted returns the message of somebody else that the bot was pointed at.
func quoted(m *tgmodels.Message) *commands.Clip {
	said := strings.TrimSpace(clean(m.Text + m.Caption))
	c := attached(m)
	if c == nil {
		if said == "" {
			return nil
		}
		c = &commands.Clip{Kind: commands.ClipMessage}
	}
	if said != "" {
		c.Text = strings.TrimSpace(c.Text + "\n" + said)
	}
	if m.Date > 0 {
		c.At = time.Unix(int64(m.Date), 0).UTC()
	}
	switch {
	case m.ForwardOrigin != nil:
		c.From, c.At = origin(m.ForwardOrigin)
	case m.SenderChat != nil:
		c.From = inline(m.SenderChat.Title)
	case m.From != nil:
		c.From = fullName(m.From.FirstName, m.From.LastName)
	}
	return c
}

// attached returns what a message carries beside words.
func attached(m *tgmodels.Message) *commands.Clip {
	file := func(name, ref string) *commands.Clip {
		return &commands.Clip{Kind: commands.ClipFile, Name: inline(name), Ref: ref}
	}
	switch {
	case m.Voice != nil:
		return &commands.Clip{Kind: commands.ClipVoice, Ref: m.Voice.FileID}
	case m.VideoNote != nil:
		return &commands.Clip{Kind: commands.ClipVoice, Ref: m.VideoNote.FileID}
	case m.Animation != nil: // comes with a document that is the same file
		return file(m.Animation.FileName, m.Animation.FileID)
	case m.Document != nil:
		return file(m.Document.FileName, m.Document.FileID)
	case len(m.Photo) > 0:
		return file("photo.jpg", largest(m.Photo).FileID)
	case m.Video != nil:
		return file(m.Video.FileName, m.Video.FileID)
	case m.Audio != nil:
		return file(m.Audio.FileName, m.Audio.FileID)
	case m.Contact != nil:
		name := fullName(m.Contact.FirstName, m.Contact.LastName)
		return &commands.Clip{Kind: commands.ClipMessage, Text: strings.TrimSpace(name + " " + inline(m.Contact.PhoneNumber))}
	case m.Venue != nil:
		return &commands.Clip{Kind: commands.ClipMessage, Text: inline(m.Venue.Title + ", " + m.Venue.Address)}
	case m.Location != nil:
		return &commands.Clip{Kind: commands.ClipMessage, Text: degrees(m.Location.Latitude) + ", " + degrees(m.Location.Longitude)}
	}
	return nil
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }

func largest(all []tgmodels.PhotoSize) tgmodels.PhotoSize {
	best := all[0]
	for _, p := range all[1:] {
		if p.Width*p.Height > best.Width*best.Height {
			best = p
		}
	}
	return best
}

// origin says who wrote what was forwarded, and when.
func origin(o *tgmodels.MessageOrigin) (from string, at time.Time) {
	date := 0
	switch {
	case o.MessageOriginUser != nil:
		u := o.MessageOriginUser
		from, date = fullName(u.SenderUser.FirstName, u.SenderUser.LastName), u.Date
	case o.MessageOriginHiddenUser != nil:
		from, date = inline(o.MessageOriginHiddenUser.SenderUserName), o.MessageOriginHiddenUser.Date
	case o.MessageOriginChat != nil:
		from, date = inline(o.MessageOriginChat.SenderChat.Title), o.MessageOriginChat.Date
	case o.MessageOriginChannel != nil:
		from, date = inline(o.MessageOriginChannel.Chat.Title), o.MessageOriginChannel.Date
	}
	if date > 0 {
		at = time.Unix(int64(date), 0).UTC()
	}
	return from, at
}
