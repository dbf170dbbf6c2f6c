package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
)

// Change implements [funnel.Tx] in two trips: one batch begins, locks and reads; the other writes
// and commits. Single calls instead cost about 40 % of the throughput.
func (s *Store) Change(
	ctx context.Context, workspace funnel.ID, key funnel.Key, reads funnel.Reads,
	decide func(*funnel.Snapshot) (*funnel.Writes, error),
) (funnel.Stored, error) {
	var stored funnel.Stored
	var notices int
	budget := Budget
	if !reads.Contact.IsZero() {
		budget = forgetBudget
	}
	err := s.retryWithin(ctx, budget, func(ctx context.Context) error {
		conn, err := s.pool.Acquire(ctx)
		if err != nil {
			return fmt.Errorf("acquire a connection: %w", err)
		}
		defer conn.Release()
		stored, notices, err = s.unit(ctx, conn, workspace, key, reads, decide)
		if err != nil {
			abandon(ctx, conn)
		}
		return err
	})
	if err != nil {
		return funnel.Stored{}, fmt.Errorf("change: %w", err)
	}
	if notices > 0 {
		s.signal()
	}
	return stored, nil
}

// rollbackTimeout bounds the farewell to a transaction whose context may have ended. It comes on top
// of the budget.
const rollbackTimeout = 250 * time.Millisecond

// abandon ends a transaction that is not going to commit. A connection that cannot be cleaned is
// thrown away when it is released.
func abandon(ctx context.Context, conn *pgxpool.Conn) {
	if conn.Conn().PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = conn.Conn().Close(ctx)
	}
}

func (s *Store) unit(
	ctx context.Context, conn *pgxpool.Conn, workspace funnel.ID, key funnel.Key, reads funnel.Reads,
	decide func(*funnel.Snapshot) (*funnel.Writes, error),
) (funnel.Stored, int, error) {
	snap, stored, err := s.read(ctx, conn, workspace, key, reads)
	if err != nil {
		return funnel.Stored{}, 0, err
	}
	if stored != nil {
		abandon(ctx, conn)
		return *stored, 0, nil
	}
	w, err := decide(snap)
	if err != nil {
		return funnel.Stored{}, 0, err
	}
	if w.Deal != nil && w.Deal.IsNew() {
		if err := s.newcomer(snap, w); err != nil {
			return funnel.Stored{}, 0, err
		}
	}
	out, err := s.write(ctx, conn, snap, key, w)
	if err != nil {
		return funnel.Stored{}, 0, refusal(err, w)
	}
	notices := len(w.Notices) + len(w.Access.Letters)
	if w.Deal != nil {
		notices += len(w.Deal.Notices)
	}
	return out, notices, nil
}

// newcomer guards against a new deal without a company, which no later query could mend.
func (s *Store) newcomer(snap *funnel.Snapshot, w *funnel.Writes) error {
	if w.NewCompany == nil && snap.Company == nil {
		return errors.New("open a deal: no company was read or given")
	}
	return nil
}

// refusal turns violations that a person can mend into refusals.
func refusal(err error, w *funnel.Writes) error {
	if moved(err) {
		return fmt.Errorf("save the conversation: %w", funnel.ErrSessionMoved)
	}
	switch violated(err) {
	case "handled_events_pkey":
		return errReplay
	case "dialogs_open":
		// The member began the dialog elsewhere at the same instant, which is seen at the next attempt.
		return errReplay
	case "chats_pkey":
		// Somebody was faster to connect the chat, and is seen at the next attempt.
		return errReplay
	case "companies_name":
		if w.Deal != nil && w.Deal.Customer != nil {
			return funnel.Refuse(funnel.CodeCompanyTaken, funnel.Args{"name": w.Deal.Customer.Name})
		}
	case "deals_external":
		return funnel.Refuse(funnel.CodeDuplicate, funnel.Args{"deal": w.Deal.After.Deal.External})
	}
	return err
}

// batch queues statements with what reads their answers, in order.
type batch struct{ pgx.Batch }

func (b *batch) exec(sql string, args ...any) { b.Queue(sql, args...) }

func (b *batch) row(scan func(pgx.Row) error, sql string, args ...any) {
	b.Queue(sql, args...).QueryRow(scan)
}

// one makes scan fill v, and report whether there was a row.
func one(scan func(pgx.Row) error, found *bool) func(pgx.Row) error {
	return func(r pgx.Row) error {
		err := scan(r)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err == nil {
			*found = true
		}
		return err
	}
}

func marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return b, nil
}
