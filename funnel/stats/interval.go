package stats

// Method is how an interval was found.
type Method string

// The methods, by how many stays ended in the window: from 30 on the percentiles of resamples, from 15
// on [WilsonShare], under it [Shrunk].
const (
	MethodBootstrap Method = "bootstrap"
	MethodWilson    Method = "wilson"
	MethodShrunk    Method = "shrunk"
)

// The numbers of exits from which on a method is used.
const (
	bootstrapFrom = 30
	wilsonFrom    = 15
)

// MethodFor returns the method for a number of stays that ended.
func MethodFor(exits int) Method {
	switch {
	case exits >= bootstrapFrom:
		return MethodBootstrap
	case exits >= wilsonFrom:
		return MethodWilson
	default:
		return MethodShrunk
	}
}
