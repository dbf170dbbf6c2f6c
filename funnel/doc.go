// Package funnel is the domain: deals on their way through the stages of a B2B funnel, the rules
// that judge every move, and the use cases that chats, import and timed work call.
//
// It imports the standard library only and names what it needs from outside as interfaces.
package funnel
