package postgres

import "funnelbot/funnel"

// dealColumns are read into dealFields, in this order, from a table under the name d.
const dealColumns = `d.workspace_id, d.id, d.number, d.company_id, d.title, d.owner_id, d.kind, d.stage,
	d.amount_minor, d.currency, d.basis, d.source, d.signal, d.pain, d.effect, d.closing, d.custom,
	d.outcome, d.reason, d.parked_until, d.parked_from, d.next_what, d.next_on, d.next_at, d.remind_at,
	d.opened_at, d.stage_since, d.closed_at, d.signed_at, d.signing, d.historical, d.external_id,
	d.voided_at, d.version, d.moves, d.spells, d.last_move_at, d.renews`

func dealFields(d *funnel.Deal) []any {
	return []any{
		&d.Workspace, &d.ID, &d.Number, &d.Company, &d.Title, &d.Owner, &d.Kind, &d.Stage,
		&d.Amount.Minor, &d.Amount.Currency, &d.Basis, &d.Source, &d.Signal, &d.Pain, &d.Effect, &d.Closing, &d.Custom,
		&d.Outcome, &d.Reason, &d.ParkedUntil, &d.ParkedFrom, &d.Next.What, &d.Next.On, &d.Next.At, &d.Next.RemindAt,
		&d.OpenedAt, &d.StageSince, &d.ClosedAt, &d.SignedAt, &d.Signing, &d.Historical, &d.External,
		&d.VoidedAt, &d.Version, &d.Moves, &d.Spells, &d.LastMoveAt, &d.Renews,
	}
}

// dealValues are the values of dealColumns without the number.
func dealValues(d *funnel.Deal) ([]any, error) {
	custom, err := nullable(d.Custom, len(d.Custom) == 0)
	if err != nil {
		return nil, err
	}
	signing, err := nullable(d.Signing, d.Signing == nil)
	if err != nil {
		return nil, err
	}
	return []any{
		d.Workspace, d.ID, d.Company, d.Title, d.Owner, d.Kind, d.Stage,
		d.Amount.Minor, d.Amount.Currency, d.Basis, d.Source, d.Signal, d.Pain, d.Effect, d.Closing, custom,
		d.Outcome, d.Reason, d.ParkedUntil, d.ParkedFrom, d.Next.What, d.Next.On, d.Next.At, d.Next.RemindAt,
		d.OpenedAt, d.StageSince, d.ClosedAt, d.SignedAt, signing, d.Historical, d.External,
		d.VoidedAt, d.Version, d.Moves, d.Spells, d.LastMoveAt, d.Renews,
	}, nil
}

// nullable encodes v as JSON, or gives NULL where there is nothing to keep.
func nullable(v any, empty bool) (any, error) {
	if empty {
		return nil, nil
	}
	return marshal(v)
}

const memberColumns = `m.workspace_id, m.id, m.team_id, m.name, m.role, m.locale, m.zone, m.active, m.version,
	m.plan_at, m.quiet_from, m.quiet_to, m.away_until, m.plan_day`

func memberFields(m *funnel.Member) []any {
	return []any{
		&m.Workspace, &m.ID, &m.Team, &m.Name, &m.Role, &m.Locale, &m.Zone, &m.Active, &m.Version,
		&m.PlanAt, &m.QuietFrom, &m.QuietTo, &m.AwayUntil, &m.PlanDay,
	}
}

const companyColumns = `c.workspace_id, c.id, c.name, c.domain, c.tax_id, c.industry, c.size, c.region, c.custom`

func companyFields(c *funnel.Company) []any {
	return []any{&c.Workspace, &c.ID, &c.Name, &c.Domain, &c.TaxID, &c.Industry, &c.Size, &c.Region, &c.Custom}
}
