package telegramtest

// linkPreview is https://core.telegram.org/bots/api#linkpreviewoptions.
type linkPreview struct {
	Disabled bool   `json:"is_disabled"`
	URL      string `json:"url"`
	Small    bool   `json:"prefer_small_media"`
	Large    bool   `json:"prefer_large_media"`
	Above    bool   `json:"show_above_text"`
}

// replyParameters is https://core.telegram.org/bots/api#replyparameters.
type replyParameters struct {
	MessageID  int      `json:"message_id"`
	ChatID     any      `json:"chat_id"`
	Without    bool     `json:"allow_sending_without_reply"`
	Quote      string   `json:"quote"`
	QuoteMode  string   `json:"quote_parse_mode"`
	QuoteMarks []Entity `json:"quote_entities"`
	Position   int      `json:"quote_position"`
	Task       int      `json:"checklist_task_id"`
}

func (s *Server) sendMessage(c *call) (any, *Refusal) {
	ch, m, r := s.draft(c)
	if r != nil {
		return nil, r
	}
	if m.Text, m.Entities, r = c.formatted("text", "entities"); r != nil {
		return nil, r
	}
	if r := c.checkText(m.Text); r != nil {
		return nil, r
	}
	m.Sent = c.params["text"]
	m.Entities = s.mentioned(m.Entities)
	return s.post(ch, m)
}

// checkText refuses a text of a message that is empty or too long, and a bad preview of its links.
func (c *call) checkText(text string) *Refusal {
	if text == "" {
		return bad("message text is empty")
	}
	if units(text) > maxText {
		return bad("message is too long")
	}
	if c.params["link_preview_options"] != "" {
		var preview linkPreview
		return c.decode("link_preview_options", "link preview options JSON object", &preview)
	}
	return nil
}

func (s *Server) sendPhoto(c *call) (any, *Refusal) { return s.sendFile(c, "photo") }

func (s *Server) sendDocument(c *call) (any, *Refusal) { return s.sendFile(c, "document") }

func (s *Server) sendFile(c *call, kind string) (any, *Refusal) {
	ch, m, r := s.draft(c)
	if r != nil {
		return nil, r
	}
	if m.Text, m.Entities, r = c.formatted("caption", "caption_entities"); r != nil {
		return nil, r
	}
	if units(m.Text) > maxCaption {
		return nil, bad("message caption is too long")
	}
	m.Entities = s.mentioned(m.Entities)
	if m.File, r = s.received(c, kind); r != nil {
		return nil, r
	}
	m.Sent = c.params["caption"]
	return s.post(ch, m)
}

// draft reads what all methods that send have in common.
func (s *Server) draft(c *call) (*chat, *Message, *Refusal) {
	ch, r := s.open(c)
	if r != nil {
		return nil, nil, r
	}
	m := &Message{Chat: ch.id, From: s.BotID, Silent: c.bool("disable_notification")}
	if ch.kind == channel {
		m.From = 0
	}
	if m.Thread, r = ch.thread(c); r != nil {
		return nil, nil, r
	}
	m.topical = m.Thread != 0
	if m.ReplyMarkup, r = c.replyMarkup(false); r != nil {
		return nil, nil, r
	}
	if c.params["reply_parameters"] == "" {
		return ch, m, nil
	}
	var reply replyParameters
	if r := c.decode("reply_parameters", "reply parameters JSON object", &reply); r != nil {
		return nil, nil, r
	}
	replied := ch.messages[reply.MessageID]
	switch {
	case replied != nil && !replied.Deleted:
		m.ReplyTo = reply.MessageID
	case reply.MessageID == 0:
		return nil, nil, bad("can't parse reply parameters: Can't find field \"message_id\"")
	case !reply.Without:
		return nil, nil, bad("message to be replied not found").world()
	}
	return ch, m, nil
}

// post puts a message into its chat, unless a limit is reached.
func (s *Server) post(ch *chat, m *Message) (any, *Refusal) {
	if r := s.limits.spend(ch, s.Now()); r != nil {
		return nil, r
	}
	m.ID, m.At = ch.next(), s.Now()
	ch.messages[m.ID] = m
	return s.wire(ch, m, false), nil
}
