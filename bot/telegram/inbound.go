package telegram

import (
	"context"
	"strconv"
	"strings"
	"time"

	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// helping is what a person means who only calls the bot.
const helping = "/help"

// place is where something happened and where the answer goes.
type place struct {
	chat   int64
	thread int
	group  bool
}

func (p place) lane() string { return funnel.LaneOf(Name, p.chatID(), p.topic()) }

func (p place) chatID() string { return strconv.FormatInt(p.chat, 10) }

func (p place) topic() string {
	if p.thread == 0 {
		return ""
	}
	return strconv.Itoa(p.thread)
}

// name tells the conversations of one person apart.
func (p place) name() string {
	if p.thread == 0 {
		return p.chatID()
	}
	return p.chatID() + "/" + p.topic()
}

// placeOf returns where a message is. Outside of forums a thread is merely a row of answers, which is
// no place of its own.
func placeOf(m *tgmodels.Message) place {
	p := place{chat: m.Chat.ID, group: m.Chat.Type != tgmodels.ChatTypePrivate}
	if m.IsTopicMessage {
		p.thread = m.MessageThreadID
	}
	return p
}

func venue(p place, c *tgmodels.Chat) commands.Venue {
	v := commands.Venue{External: p.chatID(), Thread: p.topic(), Private: !p.group, Title: c.Title}
	return v
}

func caller(u *tgmodels.User) funnel.Caller {
	return funnel.Caller{
		Door: Name, External: strconv.FormatInt(u.ID, 10), Name: fullName(u.FirstName, u.LastName), Handle: u.Username,
		Locale: localeOf(u.LanguageCode),
	}
}

func fullName(first, last string) string { return strings.TrimSpace(inline(first + " " + last)) }

// localeOf reads the IETF tag of a person's app.
func localeOf(tag string) funnel.Locale {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch language {
	case "":
		return ""
	case "ru":
		return funnel.Russian
	}
	return funnel.English
}

func keyOfUpdate(id int64) string { return Name + ":" + strconv.FormatInt(id, 10) }

// speaker reports whether a message was written by a person here, and now.
func speaker(m *tgmodels.Message) bool {
	switch m.Chat.Type {
	case tgmodels.ChatTypePrivate, tgmodels.ChatTypeGroup, tgmodels.ChatTypeSupergroup:
	default:
		return false
	}
	return m.From != nil && !m.From.IsBot && m.ViaBot == nil && m.SenderChat == nil && !m.IsAutomaticForward &&
		m.BusinessConnectionID == ""
}

// visit turns a message into what somebody wants of the bot; ok is false where it is nothing.
func (d *Door) visit(update int64, m *tgmodels.Message, self *tgmodels.User) (v bot.Visit, ok bool) {
	p := placeOf(m)
	v = bot.Visit{
		Caller: caller(m.From), Venue: venue(p, &m.Chat), Place: p.name(), Key: keyOfUpdate(update), Root: root(m), At: d.written(m),
	}
	said := strings.TrimSpace(clean(m.Text + m.Caption))
	toBot := v.Root != "" && writtenBy(m.ReplyToMessage, self)
	if p.group {
		if said, ok = d.inGroup(said, self.Username, toBot); !ok {
			return v, false
		}
	} else {
		said = inPrivate(said, self.Username)
	}
	if v.Clip = clip(m, said); v.Clip != nil {
		return v, true
	}
	if said == "" && !toBot && m.ReplyToMessage != nil && p.group {
		// The name of the bot alone, in answer to somebody: that message is meant.
		if v.Clip = quoted(m.ReplyToMessage); v.Clip != nil {
			return v, true
		}
	}
	if m.Text == "" {
		return v, false
	}
	if code, is := started(said); is {
		if v.Code = code; code != "" && !p.group {
			return v, true
		}
		v.Code, said = "", ""
	}
	if v.Text = said; said == "" {
		v.Text = helping
	}
	return v, true
}

func writtenBy(m *tgmodels.Message, u *tgmodels.User) bool { return m.From != nil && m.From.ID == u.ID }

// root is the message that was answered to. Everything that is said in a topic answers the message
// that opened it, which is nothing that anybody said.
func root(m *tgmodels.Message) string {
	r := m.ReplyToMessage
	if r == nil || r.ForumTopicCreated != nil || m.IsTopicMessage && r.ID == m.MessageThreadID {
		return ""
	}
	return strconv.Itoa(r.ID)
}

// written is when a message was written: a command that comes late, after the bot was away, means the
// day on which it was typed. What is older than the platform keeps is a clock that is wrong.
func (d *Door) written(m *tgmodels.Message) time.Time {
	now := d.Clock().UTC()
	if at := time.Unix(int64(m.Date), 0).UTC(); at.Before(now) && now.Sub(at) <= keptFor {
		return at
	}
	return now
}

// handle does what an update asks for.
func (d *Door) handle(ctx context.Context, u *tgmodels.Update) error {
	switch {
	case u.CallbackQuery != nil:
		return d.pressed(ctx, u.ID, u.CallbackQuery)
	case u.Message != nil:
		return d.said(ctx, u.ID, u.Message)
	case u.MyChatMember != nil:
		return d.membership(ctx, u.ID, u.MyChatMember)
	}
	return nil
}

// said answers a message.
func (d *Door) said(ctx context.Context, update int64, m *tgmodels.Message) error {
	if m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 {
		return d.migrated(ctx, m)
	}
	self, err := d.me(ctx)
	if err != nil {
		return err
	}
	if anonymous(m) {
		return d.unmask(ctx, update, m, self)
	}
	if !speaker(m) {
		return nil
	}
	v, ok := d.visit(update, m, self)
	if !ok {
		return d.unread(ctx, update, m)
	}
	p := placeOf(m)
	end, err := d.turns.Enter(ctx, p.name()+" "+v.Caller.External)
	if err != nil {
		return err
	}
	defer end()
	doc, err := d.Host(ctx, v)
	if err != nil {
		return err
	}
	r := reply{place: p, visit: v.Answered(doc), user: m.From.ID}
	if p.group {
		r.to = m.ID
	}
	if v.Root != "" && writtenBy(m.ReplyToMessage, self) {
		r.answered = d.question(m.ReplyToMessage)
	}
	return d.answer(ctx, r, doc)
}
