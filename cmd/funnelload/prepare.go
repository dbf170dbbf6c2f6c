package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/postgres"
)

type prepareCommand struct {
	database
	slackPeople
	Deals     int   `name:"deals" default:"4000" help:"How many deals there are to be."`
	Chat      int64 `name:"chat" default:"7000001" help:"First Telegram user, and so their private chat; each person has one."`
	Receivers int   `name:"receivers" default:"100" help:"How many more people there are whom only Telegram knows: their chats follow those of the others."`
}

// Validate implements kong.Validatable.
func (c *prepareCommand) Validate() error {
	return errors.Join(c.required(), c.slackPeople.Validate())
}

// Run fills the workspace. What is there already stays.
func (c *prepareCommand) Run(ctx context.Context, io *streams) error {
	p, err := newPreparation(ctx, c.database)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.fill(ctx, c); err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "workspace %q: %d deals, %d people in Slack team %s (%s…) and Telegram (%d…), %d more in Telegram\n",
		c.Workspace, c.Deals, c.Users, c.Team, nth(c.User, 0, c.Users), c.Chat, c.Receivers)
	return err
}

// preparation writes through the same code as the bot.
type preparation struct {
	store   *postgres.Store
	service *funnel.Service
	pool    *pgxpool.Pool
	space   funnel.Workspace
}

func newPreparation(ctx context.Context, d database) (*preparation, error) {
	cfg := postgres.Config{URL: d.DatabaseURL, Log: slog.New(slog.DiscardHandler), Clock: time.Now}
	if err := postgres.Migrate(ctx, cfg); err != nil {
		return nil, err
	}
	store, err := postgres.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	p := &preparation{store: store}
	if p.pool, err = d.pool(ctx); err != nil {
		p.close()
		return nil, err
	}
	def, err := definition.Default()
	if err != nil {
		p.close()
		return nil, err
	}
	p.service = funnel.New(funnel.Config{
		Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return def }, Clock: time.Now, IDs: newID,
	})
	p.space, err = store.Settle(ctx, funnel.Workspace{
		ID: newID(), Name: d.Workspace, Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: d.Workspace})
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *preparation) close() {
	if p.pool != nil {
		p.pool.Close()
	}
	p.store.Close()
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

func (p *preparation) fill(ctx context.Context, c *prepareCommand) error {
	if at, err := p.store.Install(ctx, "slack", c.Team, p.space.ID); err != nil {
		return err
	} else if at != p.space.ID {
		return fmt.Errorf("slack team %s works with another workspace of this database", c.Team)
	}
	var owner funnel.Member
	for i := range c.Users {
		m, err := p.member(ctx, "slack", nth(c.User, i, c.Users), fmt.Sprintf("Load %05d", i+1), funnel.Admin)
		if err != nil {
			return err
		}
		if err := p.knows(ctx, "telegram", strconv.FormatInt(c.Chat+int64(i), 10), m.ID); err != nil {
			return err
		}
		if i == 0 {
			owner = m
		}
	}
	for i := range c.Receivers {
		chat := strconv.FormatInt(c.Chat+int64(c.Users+i), 10)
		if _, err := p.member(ctx, "telegram", chat, receiver(i), funnel.Rep); err != nil {
			return err
		}
	}
	if err := p.deals(ctx, c.Deals, owner); err != nil {
		return err
	}
	// A server that runs has looked at its tables; a fresh one would plan for empty ones.
	if _, err := p.pool.Exec(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("look at the tables: %w", err)
	}
	return nil
}

func (p *preparation) member(ctx context.Context, door, external, name string, role funnel.Role) (funnel.Member, error) {
	m, err := p.store.SignIn(ctx, funnel.Identity{Door: door, External: external, Workspace: p.space.ID}, funnel.Member{
		Workspace: p.space.ID, ID: newID(), Name: name, Role: role, Locale: funnel.English, Zone: "UTC", Active: true,
	})
	if err != nil {
		return m, err
	}
	return m, p.knows(ctx, door, external, m.ID)
}

// knows lets a door know a member, as by an invitation, and nobody sleeps: notices go out at any
// hour.
func (p *preparation) knows(ctx context.Context, door, external string, member funnel.ID) error {
	_, err := p.pool.Exec(ctx, `INSERT INTO identities (door, external_id, workspace_id, member_id, admitted_by, seen_at)
		VALUES ($1, $2, $3, $4, $5, now())
		ON CONFLICT (door, external_id, workspace_id) DO UPDATE SET admitted_by = $5, seen_at = now(), gone_at = NULL`,
		door, external, [16]byte(p.space.ID), [16]byte(member), funnel.AdmittedInvitation)
	if err == nil {
		_, err = p.pool.Exec(ctx, `UPDATE members SET quiet_from = '00:00', quiet_to = '00:00' WHERE workspace_id = $1 AND id = $2`,
			[16]byte(p.space.ID), [16]byte(member))
	}
	if err != nil {
		return fmt.Errorf("let %s know a member: %w", door, err)
	}
	return nil
}

// writers is how many deals are opened at a time.
const writers = 8

// deals opens as many deals as are missing. The first one is moved and taken back, so that there is
// a move to see.
func (p *preparation) deals(ctx context.Context, n int, owner funnel.Member) error {
	var last int
	if err := p.pool.QueryRow(ctx, `SELECT coalesce(max(number), 0) FROM deals WHERE workspace_id = $1`, [16]byte(p.space.ID)).Scan(&last); err != nil {
		return fmt.Errorf("count the deals: %w", err)
	}
	act := func(event string) funnel.Act {
		return funnel.Act{Workspace: p.space.ID, Member: owner.ID, Event: "prepare:" + event, Origin: funnel.FromChat}
	}
	errs := make([]error, writers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := last + w; i < n && errs[w] == nil; i += writers {
				_, errs[w] = p.service.Open(ctx, act("open-"+strconv.Itoa(i)), funnel.OpenDeal{
					Company: funnel.Company{Name: fmt.Sprintf("Sample Company %d", i+1)}, Owner: owner.ID,
					Amount: funnel.Money{Minor: int64(1+i%90) * 1_000_00, Currency: "USD"},
				})
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil || last > 0 {
		return err
	}
	r, err := p.service.Move(ctx, act("move"), funnel.Target{Number: 1}, funnel.MoveTo{Stage: "qualification"})
	if err != nil {
		return fmt.Errorf("move the first deal: %w", err)
	}
	_, err = p.service.Back(ctx, act("back"), funnel.Target{Deal: r.Deal.ID}, funnel.MoveBack{Stage: "lead", Reason: "to begin with"})
	if err != nil {
		return fmt.Errorf("take the first deal back: %w", err)
	}
	return nil
}
