package funnel

import "slices"

// AdviceKey names what is advised: the part of the sale and the kind of cause with a point between
// them, such as "proposal.role". It is empty where nothing is advised.
type AdviceKey string

// The parts of the sale that advice is for. Many leads of which few are qualified ask for another
// positioning and audience, diagnosis after which few proposals follow for better conversations,
// proposals without contracts for value, argument and negotiation, and contracts that are not renewed
// for delivery and service.
const (
	adviceLead          = "lead"
	adviceQualification = "qualification"
	adviceProposal      = "proposal"
	adviceNegotiation   = "negotiation"
	adviceRenewal       = "renewal"
)

// adviceAny is the cause of advice for a stage without a single cause.
const adviceAny = "any"

// AdviceKeys returns every key of advice that there can be, in order.
func AdviceKeys() []AdviceKey {
	var keys []AdviceKey
	for _, part := range []string{adviceLead, adviceQualification, adviceProposal, adviceNegotiation, adviceRenewal} {
		for _, cause := range []Trait{
			adviceAny, TraitReason, TraitRole, TraitSource, TraitSegment, TraitOwner, TraitCriterion, TraitPace,
		} {
			keys = append(keys, AdviceKey(part+"."+string(cause)))
		}
	}
	return keys
}

// Advise returns the advice for a stage and its cause; the zero Trait stands for no single one.
func Advise(f *Funnel, stage StageKey, cause Trait) AdviceKey {
	if cause == "" {
		cause = adviceAny
	}
	return AdviceKey(partOf(f, stage) + "." + string(cause))
}

// partOf tells the parts by the usual keys of stages, and those of other funnels by where they stand:
// where leads come in, the last stages before the signature, and what lies between.
func partOf(f *Funnel, stage StageKey) string {
	if f.Kind == Renewal {
		return adviceRenewal
	}
	if slices.Contains([]string{adviceLead, adviceQualification, adviceProposal, adviceNegotiation}, string(stage)) {
		return string(stage)
	}
	at, entry, signature := f.Index(stage), f.Index(f.Entry), f.Index(f.Signature)
	switch {
	case at <= entry:
		return adviceLead
	case at == signature-1:
		return adviceNegotiation
	case at == signature-2:
		return adviceProposal
	}
	return adviceQualification
}
