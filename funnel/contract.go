package funnel

import "time"

// Contract is what a signature leaves.
type Contract struct {
	ID       ID        `json:"id,omitzero"`
	Deal     ID        `json:"deal,omitzero"`
	Company  ID        `json:"company,omitzero"`
	Value    Money     `json:"value,omitzero"`
	Basis    Basis     `json:"basis,omitzero"`
	SignedAt time.Time `json:"signed_at,omitzero"`
	// StartedAt is when the client left launch; zero until then.
	StartedAt time.Time `json:"started_at,omitzero"`
	VoidedAt  time.Time `json:"voided_at,omitzero"`
}
