package telegram

import (
	"context"
	"log/slog"
	"strconv"

	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

// Reasons for which nothing can be posted in a chat any more.
const (
	goneBlocked = "blocked"
	goneRemoved = "removed"
)

// membership hears what became of the bot in a chat. Whoever unblocks the bot sends /start, which is
// answered; a group is greeted, because there somebody has to connect it.
func (d *Door) membership(ctx context.Context, update int64, c *tgmodels.ChatMemberUpdated) error {
	p := place{chat: c.Chat.ID, group: c.Chat.Type != tgmodels.ChatTypePrivate}
	was, is := present(&c.OldChatMember), present(&c.NewChatMember)
	switch {
	case c.Chat.Type == tgmodels.ChatTypeChannel || was == is:
		return nil
	case !is && p.group:
		return d.gone(ctx, p, goneRemoved)
	case !is:
		return d.gone(ctx, p, goneBlocked)
	case !p.group || c.From.IsBot:
		return nil
	}
	return d.tell(ctx, update, p, 0, &c.From, "telegram.added")
}

// present reports whether the bot is in a chat, or not blocked by a person.
func present(m *tgmodels.ChatMember) bool {
	switch m.Type {
	case tgmodels.ChatMemberTypeOwner, tgmodels.ChatMemberTypeAdministrator, tgmodels.ChatMemberTypeMember:
		return true
	case tgmodels.ChatMemberTypeRestricted:
		return m.Restricted != nil && m.Restricted.IsMember
	}
	return false
}

func (d *Door) gone(ctx context.Context, p place, reason string) error {
	d.Log.InfoContext(ctx, "chat is gone", slog.String("door", Name), slog.Bool("group", p.group), slog.String("reason", reason))
	if d.Gone == nil {
		return nil
	}
	return d.Gone(ctx, p.lane(), reason)
}

// migrated hears that a group became a supergroup. Both chats say so, each in its own way.
func (d *Door) migrated(ctx context.Context, m *tgmodels.Message) error {
	from, to := m.Chat.ID, m.MigrateToChatID
	if m.MigrateFromChatID != 0 {
		from, to = m.MigrateFromChatID, m.Chat.ID
	}
	d.Log.InfoContext(ctx, "group has moved", slog.String("door", Name))
	if d.Moved == nil {
		return nil
	}
	return d.Moved(ctx, strconv.FormatInt(from, 10), strconv.FormatInt(to, 10))
}

// anonymous reports whether an administrator of a group wrote in its name.
func anonymous(m *tgmodels.Message) bool {
	return m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID && m.Chat.Type != tgmodels.ChatTypeChannel
}

// unmask asks who hides behind the name of a group and speaks to the bot to show themselves: nobody
// knows what they may do.
func (d *Door) unmask(ctx context.Context, update int64, m *tgmodels.Message, self *tgmodels.User) error {
	if _, ok := d.inGroup(m.Text, self.Username, root(m) != "" && writtenBy(m.ReplyToMessage, self)); !ok || m.Text == "" {
		return nil
	}
	return d.tell(ctx, update, placeOf(m), m.ID, m.From, "telegram.anonymous")
}

// unread answers in a private chat what the bot cannot make anything of, such as a sticker.
func (d *Door) unread(ctx context.Context, update int64, m *tgmodels.Message) error {
	switch {
	case m.Chat.Type != tgmodels.ChatTypePrivate:
		return nil
	case m.Sticker == nil && m.Dice == nil && m.Game == nil && m.Poll == nil && m.Story == nil && m.Checklist == nil:
		return nil // something that happened, not something that was said
	}
	return d.tell(ctx, update, placeOf(m), 0, m.From, "telegram.unread")
}

// tell posts a sentence of the door itself.
func (d *Door) tell(ctx context.Context, update int64, p place, to int, u *tgmodels.User, sentence string) error {
	who := caller(u)
	self, err := d.me(ctx)
	if err != nil {
		return err
	}
	words := d.Texts.In(string(who.Locale)).Say(sentence, text.Args{"bot": "@" + self.Username})
	v := bot.Visit{Caller: who, Key: keyOfUpdate(update)}
	return d.answer(ctx, reply{place: p, to: to, user: u.ID, visit: v}, message.New(message.Para(message.Plain(words))))
}
