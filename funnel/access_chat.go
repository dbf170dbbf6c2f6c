package funnel

import "context"

// Connect makes a chat of several people one of the workspace's, or changes what is known of it.
// Admins only. A chat of another workspace is [CodeChatTaken]. Whether it announces stays, unless c
// says that it does.
func (s *Service) Connect(ctx context.Context, a Act, c Chat) (Chat, error) {
	c.Workspace, c.Title = a.Workspace, oneLine(c.Title)
	return s.chat(ctx, a, "connect", ChatRef{c.Door, c.External}, c, func(was *Chat) (Chat, error) {
		now := c
		if was != nil {
			now.Announces = c.Announces || was.Announces
		}
		return now, nil
	})
}

// Disconnect takes a chat from the workspace, with what is still owed to it. Admins only; a chat
// that is not connected is [CodeNotConnected].
func (s *Service) Disconnect(ctx context.Context, a Act, door, external string) (Chat, error) {
	return s.chat(ctx, a, "disconnect", ChatRef{door, external}, nil, connected)
}

// Announce says whether deals that are won and lost are told in a chat. Admins only.
func (s *Service) Announce(ctx context.Context, a Act, door, external string, on bool) (Chat, error) {
	return s.chat(ctx, a, "announce", ChatRef{door, external}, on, func(was *Chat) (Chat, error) {
		now, err := connected(was)
		now.Announces = on
		return now, err
	})
}

func connected(was *Chat) (Chat, error) {
	if was == nil {
		return Chat{}, Refuse(CodeNotConnected, nil)
	}
	return *was, nil
}

// chat changes a chat of the workspace; change is given nil for one that is not connected.
func (s *Service) chat(
	ctx context.Context, a Act, verb string, ref ChatRef, to any, change func(*Chat) (Chat, error),
) (Chat, error) {
	intent := struct {
		Verb string
		Ref  ChatRef
		To   any
	}{verb, ref, to}
	r, _, err := do(ctx, s, a, intent, Reads{Access: AccessReads{Chat: ref}}, func(e *Env, snap *Snapshot) (Chat, *Writes, error) {
		if err := adminOnly(e); err != nil {
			return Chat{}, nil, err
		}
		was := snap.Access.Chat
		if was != nil && was.Workspace != snap.Workspace.ID {
			if verb == "connect" {
				return Chat{}, nil, Refuse(CodeChatTaken, nil)
			}
			was = nil
		}
		now, err := change(was)
		if err != nil {
			return Chat{}, nil, err
		}
		w := &Writes{Change: e.accessChange(verb, map[string]string{"door": ref.Door, "chat": ref.External})}
		if verb == "disconnect" {
			w.Access.Disconnect = ref
		} else {
			w.Access.Chat = &now
		}
		return now, w, nil
	})
	return r, err
}

// AllowCircle lets the members of a channel or a user group speak as reps. Admins only.
func (s *Service) AllowCircle(ctx context.Context, a Act, c Circle) error {
	c.Workspace, c.Title = a.Workspace, oneLine(c.Title)
	if c.Kind != CircleChannel && c.Kind != CircleGroup {
		return Refuse(CodeBadValue, Args{"field": "circle", "value": shown(c.Kind)})
	}
	return s.circle(ctx, a, "allow", c, AccessWrites{Circle: &c})
}

// ForbidCircle takes a channel or a user group from those whose members may speak: everybody whom it
// has let in is asked for again. Admins only.
func (s *Service) ForbidCircle(ctx context.Context, a Act, door, external string) error {
	c := Circle{Workspace: a.Workspace, Door: door, External: external}
	return s.circle(ctx, a, "forbid", c, AccessWrites{Forbid: &c})
}

func (s *Service) circle(ctx context.Context, a Act, verb string, c Circle, w AccessWrites) error {
	intent := struct {
		Verb   string
		Circle Circle
	}{verb, c}
	_, _, err := do(ctx, s, a, intent, Reads{}, func(e *Env, _ *Snapshot) (Circle, *Writes, error) {
		if err := adminOnly(e); err != nil {
			return c, nil, err
		}
		return c, &Writes{
			Access: w, Change: e.accessChange(verb, map[string]string{"door": c.Door, "circle": c.External}),
		}, nil
	})
	return err
}
