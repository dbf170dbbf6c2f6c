package funnel

import "time"

// Advice is what was decided about the advice of a digest.
type Advice struct {
	Workspace ID        `json:"-"`
	ID        ID        `json:"id"`
	Stage     StageKey  `json:"stage"`
	Key       AdviceKey `json:"advice"`
	// Trait and Value are the cause that was named.
	Trait    Trait  `json:"trait,omitzero"`
	Value    string `json:"value,omitzero"`
	Accepted bool   `json:"accepted"`
	// Owner does it until Due, and on Review it is looked at what came of it.
	Owner  ID   `json:"owner,omitzero"`
	Due    Date `json:"due,omitzero"`
	Review Date `json:"review,omitzero"`
	// Reason is why it was declined.
	Reason string    `json:"reason,omitzero"`
	By     ID        `json:"by"`
	At     time.Time `json:"at"`
	// Conversion is that of the stage when it was decided.
	Conversion Conversion `json:"conversion"`
}
