// Package dialog asks questions one after another and collects typed answers. It knows nothing of sales and
// nothing of chats: a [Script] says what to ask, [Start] and [Advance] are pure functions from a [State]
// and an [Input] to the next State and an [Outcome], and what a person reads is named by keys, never by
// sentences.
//
// A state is a plain value that survives as JSON, so a dialog may be resumed in another process, in another
// chat, or by a newer program whose script has changed. Every prompt carries a token; a button that
// carries it back is recognised as old once the dialog has moved on, and then nothing changes.
//
// Where a place has forms, a script is asked a page at a time ([Script.Page], [Fill]); the same dialog goes
// on question by question in a place without. A dialog may be set aside where its script says so
// ([Later]); what was given stays, and [Resume] asks on.
//
// The caller says how texts become dates, money, numbers and people ([Parse]) and which words mean back,
// skip or cancel; it keeps the state and carries out what a finished dialog asks for. The ID of the
// state serves as the key of that effect: a caller that carries it out before it forgets the state
// does so once, whatever is pressed or crashes in between.
package dialog
