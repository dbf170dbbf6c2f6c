package funnel

import "context"

// BottleneckReport is which stage of the sale is the weakest link, what it costs, and why.
type BottleneckReport struct {
	ReportHead
	// Widened says that the window was made longer than [DefaultWindow] to have numbers enough.
	Widened bool `json:"widened"`
	// TooFew says that no stage had exits enough to be called weak.
	TooFew bool `json:"too_few"`
	// Stages are those before the signature, targets left out, in their order.
	Stages []StagePassage `json:"stages"`
	// Weakest is the first of Ranking that is surely below its target or has an alarm, and before it one that
	// became slower where no conversion fell; empty where there is none.
	Weakest StageKey `json:"weakest"`
	// Ranking has the stages with numbers enough, the largest gain first.
	Ranking []Ranked `json:"ranking"`
}

// StagePassage is how deals pass one stage.
type StagePassage struct {
	Key StageKey `json:"key"`
	Passage
}

// TargetFrom says where the conversion comes from that a stage is held against.
type TargetFrom string

// Where targets come from: set by the workspace, its own windows before, or the hint of the funnel file.
const (
	TargetPlan TargetFrom = "plan"
	TargetOwn  TargetFrom = "own"
	TargetHint TargetFrom = "hint"
)

// Certainty is how sure it is that a stage comes first.
type Certainty string

// The certainties: in at least nine and seven of ten resamples, and in fewer.
const (
	AlmostCertainly Certainty = "almost_certainly"
	Probably        Certainty = "probably"
	Perhaps         Certainty = "perhaps"
)

// Ranked is a stage in the order of what raising its conversion to the target would bring.
type Ranked struct {
	Stage      StageKey   `json:"stage"`
	Conversion Conversion `json:"conversion"`
	// Baseline is the conversion over the windows before; nil without one whole window of history or
	// with too few exits in it. Windows is how many there were.
	Baseline *float64 `json:"baseline,omitempty"`
	Windows  int      `json:"baseline_windows"`
	Target   float64  `json:"target"`
	// TargetFrom is empty where there is nothing to hold the stage against: the target is its conversion.
	TargetFrom TargetFrom `json:"target_from"`
	// PBelowBaseline is the probability that the conversion is below the baseline; nil where it is not
	// so much lower that the question arises.
	PBelowBaseline *float64 `json:"p_below_baseline,omitempty"`
	EntriesPer30d  float64  `json:"entries_per_30d"`
	// MeanAmount is the mean of what deals were worth when they came into the stage, and StandIn the
	// share of them whose amount is the typical one of deals won, because they had none.
	MeanAmount Sum     `json:"mean_amount"`
	StandIn    float64 `json:"stand_in"`
	// GainAtLeast and GainMean are what more would be signed per 30 days at the target conversion: the
	// 20th percentile and the mean of the resamples. GainDeals is the mean in deals.
	GainAtLeast Sum     `json:"gain_at_least"`
	GainMean    Sum     `json:"gain_mean"`
	GainDeals   float64 `json:"gain_deals"`
	// ShareFirst is the share of resamples in which the stage gains most.
	ShareFirst float64   `json:"share_first"`
	Certainty  Certainty `json:"certainty"`
	// Alarm says that the conversion fell: at least 5 points under the baseline, for three days running,
	// and so probably that at most one report in twenty raises an alarm where nothing changed. That takes
	// a probability of 0.95 for one stage, and of 0.9875 where four are looked at.
	Alarm bool `json:"alarm"`
	Pace  Pace `json:"pace"`
	// CostOfDelay is what stands too long in the stage: the sum of amount · chance to be won · days over
	// the median, in money days.
	CostOfDelay Sum      `json:"cost_of_delay"`
	Cause       Weakness `json:"cause"`
	// Apart is the cause that is told where people must not be named: Cause, or the next best that is
	// no owner.
	Apart  Weakness  `json:"cause_apart_from_owners"`
	Advice AdviceKey `json:"advice"`

	// sure says that something is gained in most resamples.
	sure bool
}

// Pace is whether a stage has become slower.
type Pace struct {
	// Days and Baseline are the medians of the time in stage, in the window and in those before; nil
	// where they are not reached.
	Days     *int `json:"days,omitempty"`
	Baseline *int `json:"baseline_days,omitempty"`
	// PSlower is the probability that it takes longer than before; nil where it does not take so much
	// longer that the question arises.
	PSlower *float64 `json:"p_slower,omitempty"`
	// Alarm is judged as that of the conversion is.
	Alarm bool `json:"alarm"`
}

// BottleneckInput is what a bottleneck report is made of.
type BottleneckInput struct {
	// Spells are the stays that touch the last SpellDays days of 24 hours before the end of the
	// period: five windows and two days, and at least a year. With fewer there are fewer baselines.
	Spells    SpellTable
	SpellDays int
	// Entries are those of the period.
	Entries []EntryGroup
	Typical []TypicalAmount
	// Standing are the open deals at the end of the period.
	Standing []StandingDeal
	// Slices are the stays of a stage that touch the last SliceDays days, by trait. Only those of the
	// weakest stage are looked at; without them no cause is named.
	Slices    map[StageKey][]SliceGroup
	SliceDays int
}

// BottleneckReport finds the weakest link of the sale. With a window that is asked for, or without
// q.Widen, that window is kept; else it is widened to 180 and 365 days while a stage has too few exits.
func (s *Service) BottleneckReport(ctx context.Context, workspace ID, q ReportQuery) (BottleneckReport, error) {
	a, err := s.Analyse(ctx, workspace, q)
	return a.Bottleneck, err
}

// Analysis is three reports of one moment whose counts were read once.
type Analysis struct {
	Period     Period
	Bottleneck BottleneckReport
	Stuck      StuckReport
	// Forecast comes without its check against the past, which would have to be read besides.
	Forecast ForecastReport
}
