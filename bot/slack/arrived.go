package slack

import (
	"context"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/funnel"
)

// found is what of a letter is there: its parts by their number, of how many.
type found struct {
	parts map[int]string
	of    int
}

// arrived looks for the parts of a letter among the latest messages of its conversation.
func (d *Door) arrived(ctx context.Context, to address, notice funnel.ID) (found, error) {
	messages, err := d.latest(ctx, to)
	if err != nil {
		return found{}, err
	}
	f := found{parts: map[int]string{}}
	var files []string
	for i := range messages {
		m := &messages[i]
		payload := m.Metadata.EventPayload
		if m.Metadata.EventType != metadataType || word(payload, "notice") != notice.String() {
			continue
		}
		part, err1 := strconv.Atoi(word(payload, "part"))
		of, err2 := strconv.Atoi(word(payload, "of"))
		if err1 != nil || err2 != nil {
			continue
		}
		f.parts[part], f.of = m.Timestamp, of
		if names := word(payload, "files"); names != "" {
			files = strings.Split(names, "/")
		}
	}
	for i, name := range files {
		part := f.of - len(files) + i
		if at := fileAfter(messages, f.parts[0], name); at != "" {
			f.parts[part] = at
		}
	}
	return f, nil
}

func word(payload map[string]any, name string) string {
	s, _ := payload[name].(string)
	return s
}

// fileAfter finds a file that was shared after the message.
func fileAfter(messages []slackapi.Message, after, name string) string {
	for i := range messages {
		for _, f := range messages[i].Files {
			if messages[i].Timestamp > after && after != "" && (f.Name == name || f.Title == name) {
				return messages[i].Timestamp
			}
		}
	}
	return ""
}

// latest reads the last messages of a conversation or of a thread.
func (d *Door) latest(ctx context.Context, to address) ([]slackapi.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if to.thread == "" {
		history, err := d.api.GetConversationHistoryContext(ctx, &slackapi.GetConversationHistoryParameters{
			ChannelID: to.channel, Limit: lookBack, IncludeAllMetadata: true,
		})
		if err != nil {
			return nil, fault("conversations.history", err)
		}
		return history.Messages, nil
	}
	var all []slackapi.Message
	p := &slackapi.GetConversationRepliesParameters{
		ChannelID: to.channel, Timestamp: to.thread, Limit: lookBack, IncludeAllMetadata: true,
	}
	for range maxPages {
		messages, more, next, err := d.api.GetConversationRepliesContext(ctx, p)
		if err != nil {
			return nil, fault("conversations.replies", err)
		}
		all = append(all, messages...)
		if !more || next == "" {
			break
		}
		p.Cursor = next
	}
	return all, nil
}
