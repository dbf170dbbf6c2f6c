package commands

import (
	"context"
	"time"

	"funnelbot/funnel"
)

// group returns the chat of several people in which this was said.
func (c *call) group() (funnel.Chat, error) {
	v := c.ask.Venue
	switch {
	case v.Private:
		return funnel.Chat{}, funnel.Refuse(CodeGroupOnly, nil)
	case v.External == "":
		return funnel.Chat{}, funnel.Refuse(CodeNotHere, nil)
	case v.Chat != nil && v.Chat.Workspace == c.ask.Workspace:
		return *v.Chat, nil
	}
	return funnel.Chat{Workspace: c.ask.Workspace, Door: c.ask.Door, External: v.External, Title: v.Title}, nil
}

// connect lets a chat of several people work with the workspace, and says who reads it. It is asked
// unless the platform knows: one whose people belong to a team of it tells who is from elsewhere.
func (c *call) connect(ctx context.Context, w *want) (Reply, error) {
	chat, err := c.group()
	if err != nil {
		return nil, err
	}
	v, said := c.ask.Venue, w.Intent.Switch
	known := v.Foreign || c.ask.Caller.Team != ""
	if said == "" && !known {
		return Connection{Verb: VerbConnect, Chat: chat, Asks: true, Offers: []Offer{
			{Label: "internal", Action: "connect:0:0:" + SwitchInternal},
			{Label: "outsiders", Action: "connect:0:0:" + SwitchOutsiders},
		}}, nil
	}
	chat.Title, chat.GoneAt = v.Title, time.Time{}
	if c.ask.Caller.Team == "" {
		// Where people belong to a team, a thread is a row of answers and no topic to announce in.
		chat.Thread = v.Thread
	}
	chat.Internal = !v.Foreign && said != SwitchOutsiders
	if chat, err = c.desk.service.Connect(ctx, c.act(w.Event), chat); err != nil {
		return nil, err
	}
	offers := []Offer{{Label: "announce_on", Action: "announce:0:0:" + SwitchOn}}
	if chat.Announces {
		offers = nil
	}
	return Connection{Verb: VerbConnect, Chat: chat, Offers: offers}, nil
}

// disconnect ends what connect began.
func (c *call) disconnect(ctx context.Context, w *want) (Reply, error) {
	chat, err := c.group()
	if err != nil {
		return nil, err
	}
	if chat, err = c.desk.service.Disconnect(ctx, c.act(w.Event), chat.Door, chat.External); err != nil {
		return nil, err
	}
	return Connection{Verb: VerbDisconnect, Chat: chat, Offers: []Offer{{Label: "connect", Action: "connect:0:0"}}}, nil
}

// announce says whether deals that are won and lost are told here.
func (c *call) announce(ctx context.Context, w *want) (Reply, error) {
	chat, err := c.group()
	if err != nil {
		return nil, err
	}
	if c.ask.Venue.Chat == nil {
		return nil, funnel.Refuse(funnel.CodeNotConnected, nil)
	}
	if w.Intent.Switch == "" {
		return Connection{Verb: VerbAnnounce, Chat: chat, Asks: true, Offers: announceOffers(chat.Announces)}, nil
	}
	on := w.Intent.Switch == SwitchOn
	if chat, err = c.desk.service.Announce(ctx, c.act(w.Event), chat.Door, chat.External, on); err != nil {
		return nil, err
	}
	return Connection{Verb: VerbAnnounce, Chat: chat, Offers: announceOffers(chat.Announces)}, nil
}

func announceOffers(on bool) []Offer {
	if on {
		return []Offer{{Label: "announce_off", Action: "announce:0:0:" + SwitchOff}}
	}
	return []Offer{{Label: "announce_on", Action: "announce:0:0:" + SwitchOn}}
}
