package funnel

// AdviceKey names what is advised: the stage, or what stands for it, and the kind of cause, such as
// "proposal.role". It is empty where nothing is advised.
type AdviceKey string
