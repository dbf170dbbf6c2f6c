// Package sessionstest is the conformance suite of the stores of running dialogs. Every implementation of
// [funnel.Sessions] passes [Run], every [funnel.SessionCache] passes [RunCache].
//
// It needs nothing but the standard library, so that a store in any layer can be held to it.
package sessionstest
