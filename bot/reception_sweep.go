package bot

import (
	"context"
	"fmt"
	"log/slog"
	"maps"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// How often platforms are asked about those who do not speak there: about everybody once in sweepAge,
// about sweepMost at a time. Slack answers users.info a hundred times a minute and more
// (https://docs.slack.dev/apis/web-api/rate-limits); most of that belongs to those who speak.
const (
	sweepAge  = trustAge
	sweepMost = 30
	// sweepFaults is after how many people without an answer the platform is left alone.
	sweepFaults = 3
)

// Sweep asks the platforms that vouch for people about the members of a workspace who have not spoken
// there for an hour. Whoever has left a company speaks no more in its Slack, but could go on elsewhere
// and be told of deals there.
func (r *Reception) Sweep(ctx context.Context, workspace funnel.ID) error {
	for door, voucher := range r.knowing() {
		known, err := r.service.Access().Unchecked(ctx, workspace, door, r.clock().Add(-sweepAge), sweepMost)
		if err != nil {
			return fmt.Errorf("sweep %s: %w", door, err)
		}
		faults := 0
		for _, a := range known {
			if faults == sweepFaults || ctx.Err() != nil {
				break
			}
			who := funnel.Caller{Door: door, External: a.External}
			circles, err := r.circlesOf(ctx, a.Belonging)
			if err != nil {
				return fmt.Errorf("sweep %s: %w", door, err)
			}
			said, err := voucher.Vouch(ctx, who, circles)
			if err != nil {
				faults++
				r.log.WarnContext(ctx, "platform not asked about a member", slog.String("door", door), slog.Any("error", err))
				continue
			}
			if _, err := r.judge(ctx, who, a.Belonging, said); err != nil {
				return fmt.Errorf("sweep %s: %w", door, err)
			}
		}
	}
	return nil
}

// knowing are the doors whose platforms vouch for people.
func (r *Reception) knowing() map[string]Voucher {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.vouchers)
}

// circlesOf are the circles that may hold a member here; none where the member needs none.
func (r *Reception) circlesOf(ctx context.Context, b funnel.Belonging) ([]funnel.Circle, error) {
	if !byCircle(b.AdmittedBy) {
		return nil, nil
	}
	return r.service.Access().Circles(ctx, b.Workspace)
}

// judge keeps a member by what the platform says, or stops them from speaking: here, and everywhere where
// the platform that let them in says that they are gone for good.
func (r *Reception) judge(ctx context.Context, who funnel.Caller, b funnel.Belonging, said Vouched) (guest, error) {
	key := identity{who.Door, who.External}
	if !said.Outsider && (!byCircle(b.AdmittedBy) || said.Circle != "") {
		id := funnel.Identity{Door: who.Door, External: who.External, Workspace: b.Workspace}
		if err := r.service.Access().Checked(ctx, id); err != nil {
			return guest{}, err
		}
		r.belongings.forget(key)
		return guest{Belonging: b}, nil
	}
	met := stranger(commands.StrangerMayAsk, "left")
	stop := r.service.Suspend
	switch {
	case said.Gone && b.AdmittedBy != funnel.AdmittedLink:
		met = stranger(commands.StrangerRefused, "gone")
		stop = r.service.Dismiss
	case said.Outsider:
		met = stranger(commands.StrangerRefused, "outsider")
	}
	if err := stop(ctx, who, b.Workspace, met.reason); err != nil {
		return guest{}, err
	}
	r.belongings.clear()
	return met, nil
}
