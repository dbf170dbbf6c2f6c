package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// CountSlices implements [funnel.Spells]. Sources and owners are those of the end of the period;
// segments and missing roles are those of now, because no history of companies and committees is kept.
// Reasons are those of stays that ended with a loss. No criteria are counted: a deal has none that
// outlast a move.
func (s *Store) CountSlices(
	ctx context.Context, workspace funnel.ID, p funnel.Period, stage funnel.StageKey,
) ([]funnel.SliceGroup, error) {
	var groups []funnel.SliceGroup
	names := map[funnel.ID]string{}
	p.Only = []funnel.StageKey{stage}
	at, _ := p.Funnel.Stage(stage)
	args := spellArgs(workspace, p)
	wanted := at.People[:min(len(at.People), mostRoles)]
	args["wanted"] = append([]string{}, wanted...)
	var cut slicer
	err := s.report(ctx, func(b *batch) {
		queueNames(b, args, names)
		b.exec(roomy)
		if p.Live {
			cut.queueStays(b, args)
			cut.queueDeals(b, args)
		} else {
			queueSliced(b, p, args, &groups)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("count slices of %s as of %s: %w", stage, p.To, err)
	}
	if p.Live {
		groups = cut.groups(p, wanted)
	}
	for i := range groups {
		if g := &groups[i]; g.Trait == funnel.TraitOwner {
			if id, err := funnel.ParseID(g.Value); err == nil {
				g.Name = names[id]
			}
		}
	}
	return groups, nil
}

func queueSliced(b *batch, p funnel.Period, args pgx.NamedArgs, into *[]funnel.SliceGroup) {
	end := daysBefore(p.To)
	b.Queue(sliced(p, args), args).Query(func(r pgx.Rows) error {
		for r.Next() {
			var g funnel.SliceGroup
			var of funnel.SpellGroup
			var c cells
			if err := r.Scan(&g.Trait, &g.Value, &of.Exit, &c.entered, &c.left, &c.lasted, &c.counts); err != nil {
				return err
			}
			for i := range c.counts {
				x := end.group(of, &c, i)
				g.Entered, g.Sharp, g.Left, g.Stay, g.Exit, g.Spells = x.Entered, x.Sharp, x.Left, x.Stay, x.Exit, x.Spells
				*into = append(*into, g)
			}
		}
		return r.Err()
	})
}

// sliced groups the stays of the stage by every trait that their deals had, as they were known at the end of
// the period. Two losses of one deal at the same instant can only be history with days for times; the later
// one stands. Stays that are alike in everything are counted before their traits are told apart: most deals
// share theirs with others.
func sliced(p funnel.Period, args pgx.NamedArgs) string {
	k := knownAt(p)
	return `
		WITH stays AS MATERIALIZED (
			SELECT p.exit, p.lasted, p.left_bin, p.day, p.source, p.segment, p.holder, p.missing, p.reason,
				count(*) AS n, min(p.entered) AS entered, max(p.left_at) AS left_at
			FROM (
				SELECT p.entered, p.left_at, p.lasted, p.exit, x.*, ` + k.source + ` AS source, ` + segment + ` AS segment,
					` + k.owner + ` AS holder, ` + missingRoles + ` AS missing, ` + reasonOfLoss + ` AS reason
				FROM (` + touching(p, `p.deal_id, p.workspace_id`) + `) p
				JOIN deals d ON d.workspace_id = p.workspace_id AND d.id = p.deal_id` + k.join + joinCompany + `
				CROSS JOIN LATERAL (SELECT ` + apart(p, args) + `) x (left_bin, day)
			) p
			GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
		)
		SELECT g.trait, g.value, g.exit, array_agg(g.entered), array_agg(g.left_at), array_agg(g.lasted), array_agg(g.n)
		FROM (
			SELECT t.trait, t.value, p.exit, p.lasted, min(p.entered) AS entered, max(p.left_at) AS left_at, sum(p.n)::bigint AS n
			FROM stays p
			CROSS JOIN LATERAL (
				VALUES ('source', p.source), ('segment', p.segment), ('owner', p.holder::text), ('reason', p.reason)
				UNION ALL SELECT 'role', w FROM unnest(p.missing) w
			) t (trait, value)
			WHERE t.value <> ''
			GROUP BY t.trait, t.value, p.exit, p.lasted, p.left_bin, p.day
		) g
		GROUP BY 1, 2, 3`
}

// missingRoles are the roles that the stage asks for and nobody in the committee of the deal has.
const missingRoles = `ARRAY(
					SELECT w.role FROM unnest(@wanted::text[]) w (role)
					EXCEPT SELECT unnest(c.roles) FROM committee c WHERE c.workspace_id = p.workspace_id AND c.deal_id = p.deal_id
					ORDER BY 1
				)`

const reasonOfLoss = `CASE WHEN p.exit = 'lost' THEN (
					SELECT v.reason FROM moves v
					WHERE v.workspace_id = p.workspace_id AND v.deal_id = p.deal_id AND v.kind = 'lost' AND v.effective_at = p.left_at
					ORDER BY v.seq DESC LIMIT 1
				) END`
