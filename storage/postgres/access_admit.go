package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Admit implements [funnel.Admissions]. It has no key: what it stores says who got in by what, so
// that another delivery finds that it has happened.
func (s *Store) Admit(
	ctx context.Context, k funnel.Knock, decide func(*funnel.Entry) (*funnel.Entrance, error),
) error {
	var refused *funnel.Error
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		in, err := s.entry(ctx, tx, k)
		if err != nil {
			return err
		}
		out, err := decide(in)
		if err != nil {
			return err
		}
		refused = out.Refused
		return s.enter(ctx, tx, k, in, out)
	})
	switch {
	case err != nil:
		return fmt.Errorf("admit somebody at %s: %w", k.Caller.Door, err)
	case refused != nil:
		return refused
	}
	s.signal()
	return nil
}

// entry locks what is concerned and reads it: first the identity, then the code, the members and
// their deals.
func (s *Store) entry(ctx context.Context, tx pgx.Tx, k funnel.Knock) (*funnel.Entry, error) {
	in := &funnel.Entry{}
	who := k.Caller
	if _, err := tx.Exec(ctx, lockIdentity, who.External, who.Door); err != nil {
		return nil, err
	}
	workspace := k.Workspace
	if !k.Code.IsZero() {
		var err error
		if in.Guesses, err = readGuesses(ctx, tx, who); err != nil {
			return nil, err
		}
		if in.Invitation, err = readInvitation(ctx, tx, k.Code); err != nil {
			return nil, err
		}
		if in.Invitation == nil {
			return in, nil
		}
		workspace = in.Invitation.Workspace
	}
	var row settingsRow
	err := row.scan(tx.QueryRow(ctx, settingsQuery, workspace))
	if err != nil {
		return nil, fmt.Errorf("read workspace %s: %w", workspace, err)
	}
	if in.Workspace, err = s.settings(&row); err != nil {
		return nil, err
	}
	if err := tx.QueryRow(ctx, `SELECT (SELECT workspace_id FROM installations WHERE door = $1 AND team = $2)`,
		who.Door, who.Team).Scan(&in.Installed); err != nil {
		return nil, err
	}
	if err := entryMembers(ctx, tx, k, in); err != nil {
		return nil, err
	}
	in.Application, err = readApplication(ctx, tx, workspace, who)
	return in, err
}

// entryMembers reads who the identity is and whom the code is for. All admins are locked with them,
// in one order, so that no two of them can go past each other.
func entryMembers(ctx context.Context, tx pgx.Tx, k funnel.Knock, in *funnel.Entry) error {
	ws, who := in.Workspace.ID, k.Caller
	var known funnel.ID
	err := tx.QueryRow(ctx, `
		SELECT member_id, suspended_at IS NOT NULL FROM identities
		WHERE door = $1 AND external_id = $2 AND workspace_id = $3 FOR UPDATE`, who.Door, who.External, ws).
		Scan(&known, &in.Suspended)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	var kept, maker funnel.ID
	if v := in.Invitation; v != nil {
		kept, maker = v.Member, v.MadeBy
	}
	rows, err := tx.Query(ctx, "SELECT "+memberColumns+`, EXISTS (
			SELECT 1 FROM identities i
			WHERE i.workspace_id = m.workspace_id AND i.member_id = m.id AND i.suspended_at IS NULL)
		FROM members m
		WHERE m.workspace_id = $1 AND (m.id IN ($2, $3, $4) OR m.role = 'admin' AND m.active)
		ORDER BY m.id FOR UPDATE`, ws, known, kept, maker)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (struct{}, error) {
		var m funnel.Member
		var reached bool
		if err := r.Scan(append(memberFields(&m), &reached)...); err != nil {
			return struct{}{}, err
		}
		for _, r := range []struct {
			id    funnel.ID
			place **funnel.Member
		}{{known, &in.Known}, {kept, &in.Kept}, {maker, &in.Maker}} {
			if m.ID == r.id {
				*r.place = &m
			}
		}
		if m.Role == funnel.Admin && m.Active {
			in.Admins++
			if reached {
				in.Reached++
			}
		}
		return struct{}{}, nil
	})
	if err != nil || in.Known == nil || in.Kept == nil || known == kept {
		return err
	}
	in.Deals, err = entryDeals(ctx, tx, ws, known)
	return err
}

// entryDeals locks and reads the open deals and the clients of a member.
func entryDeals(ctx context.Context, tx pgx.Tx, ws, member funnel.ID) ([]funnel.DealState, error) {
	rows, err := tx.Query(ctx, "SELECT "+dealColumns+` FROM deals d
		WHERE d.workspace_id = $1 AND d.owner_id = $2 AND d.outcome <> 'lost' AND d.voided_at IS NULL
		ORDER BY d.id FOR UPDATE`, ws, member)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.DealState, error) {
		var st funnel.DealState
		err := r.Scan(dealFields(&st.Deal)...)
		return st, err
	})
}

// enter stores what was decided about somebody who wants to be let in.
func (s *Store) enter(ctx context.Context, tx pgx.Tx, k funnel.Knock, in *funnel.Entry, out *funnel.Entrance) error {
	ws, now := in.Workspace.ID, s.clock()
	var b batch
	if out.Guesses != nil {
		queueGuesses(&b, k.Caller, out.Guesses)
	}
	if out.Used != nil {
		queueUsed(&b, in.Invitation, k, out.Used, now)
	}
	if out.Seat != nil {
		queueSeat(&b, out.Seat, now)
	}
	if out.Absorbed != nil {
		queueAbsorbed(&b, ws, out, now)
	}
	for i := range out.Deals {
		if err := queueDecision(&b, ws, &out.Deals[i], now); err != nil {
			return err
		}
	}
	for i := range out.Changes {
		if err := queueAudit(&b, ws, &funnel.Writes{Change: out.Changes[i]}, now); err != nil {
			return err
		}
	}
	if out.Application != nil {
		queueApplied(&b, out.Application)
	}
	if b.Len() > 0 {
		if err := tx.SendBatch(ctx, &b.Batch).Close(); err != nil {
			return err
		}
	}
	if out.Tell == nil {
		return nil
	}
	_, err := tellAdmins(ctx, tx, ws, *out.Tell, k.Caller.Door+":"+k.Caller.External, now)
	return err
}

// queueAbsorbed gives everything of a member to the one of the seat: identities, what waits for the
// member, and the dialogs end, because they are about somebody who is no more.
func queueAbsorbed(b *batch, ws funnel.ID, out *funnel.Entrance, now time.Time) {
	gone, kept, who := out.Absorbed, out.Seat.Member.ID, out.Seat.Caller
	b.exec(`UPDATE members SET active = $3, version = $4 WHERE workspace_id = $1 AND id = $2`, ws, gone.ID, gone.Active, gone.Version)
	b.exec(`UPDATE identities SET member_id = $3 WHERE workspace_id = $1 AND member_id = $2`, ws, gone.ID, kept)
	b.exec(`UPDATE held_notices SET member_id = $3 WHERE workspace_id = $1 AND member_id = $2`, ws, gone.ID, kept)
	// What is owed to the one is told only while it is true of its receiver, who is the other now.
	b.exec(`UPDATE outbox SET payload = jsonb_set(payload, '{to}', to_jsonb($3::text))
		WHERE workspace_id = $1 AND payload->>'to' = $2::text AND done_at IS NULL AND NOT answer`, ws, gone.ID.String(), kept.String())
	b.exec(bringOwed, funnel.LaneOfMember(gone.ID), funnel.LaneOf(who.Door, who.External, ""))
	b.exec(`DELETE FROM sessions WHERE workspace_id = $1 AND member_id = $2`, ws, gone.ID)
	queueRevoke(b, ws, gone.ID, now)
}
