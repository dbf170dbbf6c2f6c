package bot

import (
	"context"
	"log/slog"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// nobody meets somebody who belongs to nothing here: where the platform vouches for them they become
// a member, otherwise they may ask, or need an invitation.
func (r *Reception) nobody(ctx context.Context, v *Visit, installed funnel.ID) (guest, error) {
	voucher := r.voucher(v.Caller.Door)
	if voucher == nil || installed.IsZero() {
		return stranger(commands.StrangerInvited, "stranger"), nil
	}
	key := identity{v.Caller.Door, v.Caller.External}
	said, known := r.vouched.get(key)
	if !known {
		began := r.clock()
		circles, err := r.service.Access().Circles(ctx, installed)
		if err != nil {
			return guest{}, err
		}
		if said, err = voucher.Vouch(ctx, v.Caller, circles); err != nil {
			return r.unsure(ctx, v, err)
		}
		met, err := r.vouchedFor(ctx, v, installed, said)
		if err != nil || met.kind == "" {
			return met, err
		}
		r.vouched.put(key, said, began)
	}
	switch {
	case said.Outsider:
		return stranger(commands.StrangerRefused, "outsider"), nil
	case v.Press == nil || v.Press.Action != commands.ActionApply:
		open, err := r.service.Access().Applied(ctx, v.Caller, installed)
		switch {
		case err != nil:
			return guest{}, err
		case open:
			return stranger(commands.StrangerAsked, "applied"), nil
		}
		return stranger(commands.StrangerMayAsk, "stranger"), nil
	}
	asked, fresh, err := r.service.Apply(ctx, described(v.Caller, said.Caller), installed)
	if _, refused := refusalOf(err); err != nil && !refused {
		return guest{}, err
	}
	if err == nil && !fresh && !asked.DecidedAt.IsZero() {
		// Who was turned down a moment ago must not believe that somebody looks at it again.
		return stranger(commands.StrangerRefused, "declined"), nil
	}
	return stranger(commands.StrangerAsked, "applied"), nil
}

// vouchedFor makes somebody a member for whom the platform vouches.
func (r *Reception) vouchedFor(ctx context.Context, v *Visit, installed funnel.ID, said Vouched) (guest, error) {
	none := stranger(commands.StrangerMayAsk, "stranger")
	role, by := funnel.Rep, said.Circle
	if said.Outsider {
		return none, nil
	}
	if said.Installer {
		admins, err := r.service.Access().Admins(ctx, installed)
		if err != nil {
			return guest{}, err
		}
		if admins == 0 {
			role, by = funnel.Admin, funnel.AdmittedInstaller
		}
	}
	if by == "" {
		return none, nil
	}
	m, err := r.service.Join(ctx, described(v.Caller, said.Caller), installed, role, by)
	if _, refused := refusalOf(err); refused {
		// An admin has removed them, or somebody else was the first admin meanwhile.
		return none, nil
	}
	if err != nil {
		return guest{}, err
	}
	r.belongings.forget(identity{v.Caller.Door, v.Caller.External})
	space, err := r.service.Read().Workspace(ctx, installed)
	if err != nil {
		return guest{}, err
	}
	v.Caller.Locale = m.Locale
	welcome := commands.Admitted{Admission: funnel.Admission{Kind: funnel.KindInvite, Workspace: space, Member: m}}
	return guest{
		Belonging: funnel.Belonging{
			Workspace: installed, Name: space.Name, Member: m.ID, Role: m.Role, AdmittedBy: by, CheckedAt: r.clock(),
		},
		welcome: &welcome,
	}, nil
}

// still asks the platform once in a while whether somebody is a colleague still, and in the circle
// that lets them in. Whoever is not is nobody any more. Whom somebody here has let in is trusted while
// the platform does not answer.
func (r *Reception) still(ctx context.Context, v *Visit, g *guest) (guest, error) {
	now := r.clock()
	age := now.Sub(g.CheckedAt)
	voucher := r.voucher(v.Caller.Door)
	if age < checkAge || voucher == nil {
		return *g, nil
	}
	key := identity{v.Caller.Door, v.Caller.External}
	trusted := !byCircle(g.AdmittedBy) || age < trustAge
	if _, ok := r.unasked.get(key); ok && trusted {
		return *g, nil
	}
	circles, err := r.circlesOf(ctx, g.Belonging)
	if err != nil {
		return guest{}, err
	}
	said, err := voucher.Vouch(ctx, v.Caller, circles)
	switch {
	case err != nil && ctx.Err() == nil && trusted:
		r.unasked.put(key, struct{}{}, now)
		r.log.WarnContext(ctx, "platform not asked about a member", slog.String("door", v.Caller.Door), slog.Any("error", err))
		return *g, nil
	case err != nil:
		return r.unsure(ctx, v, err)
	}
	met, err := r.judge(ctx, v.Caller, g.Belonging, said)
	if err != nil || met.kind != "" {
		return met, err
	}
	return *g, nil
}

// unsure meets somebody about whom the platform can say nothing now. That the context has ended stays
// what it is.
func (r *Reception) unsure(ctx context.Context, v *Visit, err error) (guest, error) {
	if ctx.Err() != nil {
		return guest{}, ctx.Err()
	}
	r.log.WarnContext(ctx, "platform not asked about a visitor", slog.String("door", v.Caller.Door), slog.Any("error", err))
	return stranger(commands.StrangerUnsure, "unsure"), nil
}
