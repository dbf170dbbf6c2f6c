package funnel

// Conversion is the share of those who come into a stage that go on to a later one, as estimated from
// all stays that touch a window, those that have not ended included.
type Conversion struct {
	// Value is nil where nothing is known: no number is better than an invented one.
	Value *float64 `json:"value,omitempty"`
	// Low and High hold the true share with the probability Level.
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Level float64 `json:"level"`
	// Method is how the interval was made: "bootstrap", "wilson", or "shrunk" for too few deals.
	Method string `json:"method"`
	// Exits is how many stays ended in the window.
	Exits int `json:"exits"`
}

// Passage is how deals pass a stage.
type Passage struct {
	Conversion Conversion `json:"conversion"`
	// Recent is the conversion of the last 30 days; nil where the window is not longer.
	Recent *Conversion `json:"conversion_30d,omitempty"`
	// Lost and Back are the shares that are lost and go back, Undecided what is left; nil where
	// nothing is known.
	Lost      *float64 `json:"lost,omitempty"`
	Back      *float64 `json:"back,omitempty"`
	Undecided *float64 `json:"undecided,omitempty"`
	// TimeInStage is after how many days half and nine tenths have left the stage, and TimeToAdvance
	// the same of those who go on; nil for what is not reached.
	TimeInStage   Percentiles `json:"time_in_stage_days"`
	TimeToAdvance Percentiles `json:"time_to_advance_days"`
}
