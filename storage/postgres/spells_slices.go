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
	var slices []funnel.SliceGroup
	names := map[funnel.ID]string{}
	args, days := spellArgs(workspace, p), daysBefore(p.To)
	at, _ := p.Funnel.Stage(stage)
	args["stage"], args["wanted"] = stage, append([]string{}, at.People...)
	err := s.report(ctx, func(b *batch) {
		queueNames(b, args, names)
		b.Queue(sliced(p), args).Query(func(r pgx.Rows) error {
			for r.Next() {
				var g funnel.SliceGroup
				var c cell
				if err := r.Scan(&g.Trait, &g.Value, &c.entered, &c.sharp, &c.left, &c.stay, &c.exit, &g.Spells); err != nil {
					return err
				}
				g.Entered, g.Sharp, g.Left, g.Stay, g.Exit = days.of(&c)
				slices = append(slices, g)
			}
			return r.Err()
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count slices of %s as of %s: %w", stage, p.To, err)
	}
	for i := range slices {
		if g := &slices[i]; g.Trait == funnel.TraitOwner {
			if id, err := funnel.ParseID(g.Value); err == nil {
				g.Name = names[id]
			}
		}
	}
	return slices, nil
}

// sliced groups the stays of the stage by every trait that their deals have. Two losses of one deal at
// the same instant can only be history with days for times; the later one stands.
func sliced(p funnel.Period) string {
	k := knownAt(p)
	return `
		SELECT t.trait, t.value, p.entered_bin, p.sharp, p.left_bin, p.stay, p.exit, count(*)
		FROM (
			SELECT ` + inDays + `, p.deal_id, p.left_at, p.stage, ` + k.source + ` AS source, ` + segment + ` AS segment,
				` + k.owner + `::text AS holder
			FROM (` + touching(p, `p.stage, p.deal_id, p.workspace_id`) + `) p
			JOIN deals d ON d.workspace_id = p.workspace_id AND d.id = p.deal_id` + k.join + joinCompany + `
			WHERE p.stage = @stage
		) p
		CROSS JOIN LATERAL (
			VALUES ('source', p.source), ('segment', p.segment), ('owner', p.holder)
			UNION ALL
			SELECT 'role', w.role FROM unnest(@wanted::text[]) w (role)
			WHERE NOT EXISTS (
				SELECT 1 FROM committee c WHERE c.workspace_id = @workspace AND c.deal_id = p.deal_id AND w.role = ANY(c.roles)
			)
			UNION ALL (
				SELECT 'reason', v.reason FROM moves v
				WHERE p.exit = 'lost' AND v.workspace_id = @workspace AND v.deal_id = p.deal_id AND v.kind = 'lost'
				  AND v.effective_at = p.left_at
				ORDER BY v.seq DESC LIMIT 1
			)
		) t (trait, value)
		WHERE t.value <> ''
		GROUP BY 1, 2, 3, 4, 5, 6, 7`
}
