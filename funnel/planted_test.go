package funnel_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

const plantedDeals = 20_000

// plantedSeeds is how many histories are tried: a hundred where somebody asks for the long simulations.
func plantedSeeds() int {
	if os.Getenv("FUNNELBOT_LONG_SIMULATION") != "" {
		return 100
	}
	return 20
}

func verdict(t *testing.T, seed uint64, f fault) funnel.BottleneckReport {
	t.Helper()
	p, err := plantedPeriod(seed)
	require.NoError(t, err)
	return funnel.NewBottleneckReport(p, plant(seed, plantedDeals, f))
}

// told is what a report says, in short.
func told(r funnel.BottleneckReport) string {
	for _, row := range r.Ranking {
		if row.Stage == r.Weakest {
			return fmt.Sprintf("%s: %s %s, alarms %t %t", row.Stage, row.Cause.Trait, row.Cause.Value, row.Alarm, row.Pace.Alarm)
		}
	}
	return "nothing"
}

func TestAPlantedFaultIsFound(t *testing.T) {
	t.Parallel()
	const lead, qualification, proposal, negotiation = 0, 1, 2, 3
	everybody := func(*plantedDeal) bool { return true }
	tests := []struct {
		name  string
		fault fault
		trait funnel.Trait
		value string
	}{
		{"fewer leads go on", fault{stage: lead, since: 90, hits: everybody, at: 0.38}, "", ""},
		{"fewer proposals go on", fault{stage: proposal, since: 90, hits: everybody, at: 0.38}, "", ""},
		{"a qualification takes longer", fault{stage: qualification, since: 90, slower: 2}, funnel.TraitPace, ""},
		{"a negotiation takes longer", fault{stage: negotiation, since: 120, slower: 2}, funnel.TraitPace, ""},
		{
			"one owner fails with proposals",
			fault{stage: proposal, since: 90, hits: func(d *plantedDeal) bool { return d.owner == "owner 0" }, at: 0.05},
			funnel.TraitOwner, "owner 0",
		},
		{
			"one source brings leads that are none",
			fault{stage: lead, since: 90, hits: func(d *plantedDeal) bool { return d.source == "source 0" }, at: 0.15},
			funnel.TraitSource, "source 0",
		},
		{
			"proposals fail without finance",
			fault{stage: proposal, since: 90, hits: func(d *plantedDeal) bool { return d.role == "finance" }, at: 0.1},
			funnel.TraitRole, "finance",
		},
		{
			"proposals are lost to the price",
			fault{stage: proposal, since: 90, hits: everybody, at: 0.35, reason: "price"},
			funnel.TraitReason, "price",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			stage := plantedStages()[tt.fault.stage].key
			stages, both := 0, 0
			said := map[string]int{}
			for seed := range plantedSeeds() {
				r := verdict(t, uint64(seed), tt.fault)
				said[told(r)]++
				if r.Weakest != stage {
					continue
				}
				stages++
				for _, row := range r.Ranking {
					if row.Stage == stage && row.Cause.Trait == tt.trait && row.Cause.Value == tt.value {
						both++
					}
				}
			}
			t.Logf("%s: the stage in %d, stage and cause in %d of %d", tt.name, stages, both, plantedSeeds())
			require.GreaterOrEqual(t, 100*both, 90*plantedSeeds(), "%v", said)
		})
	}
}

func TestNoAlarmIsRaisedWhereNothingChanged(t *testing.T) {
	t.Parallel()
	quiet := 0
	said := map[string]int{}
	for seed := range plantedSeeds() {
		r := verdict(t, uint64(seed), fault{})
		alarm := false
		for _, row := range r.Ranking {
			alarm = alarm || row.Alarm || row.Pace.Alarm
		}
		if !alarm {
			quiet++
			continue
		}
		said[told(r)]++
	}
	t.Logf("no alarm in %d of %d", quiet, plantedSeeds())
	require.GreaterOrEqual(t, 100*quiet, 95*plantedSeeds(), "%v", said)
}
