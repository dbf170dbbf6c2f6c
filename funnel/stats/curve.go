package stats

// Group is a number of stays that were at risk of ending on the ages (From, To], in whole days.
type Group struct {
	From, To int
	// Cause is how they ended at the age To, counted from 0; [Censored] for those that had not ended.
	Cause int
	N     int
}

// Censored is the cause of stays that had not ended when they were last seen.
const Censored = -1
