// Package sample tells the history of a company that does not exist: a year of deals up to now,
// with the faults that real ones have. It is written through the same use cases as everything
// else, so it obeys every rule, and it notifies nobody.
//
// The company sells software for planning repairs to factories. One fault is the point of the
// story: an advertising campaign of the last three months brings small firms that get as far as
// the proposal and then find the price too high.
package sample

import (
	"context"
	"time"

	"funnelbot/funnel"
)

// Config says for whom the history is told, and where it is written. All fields but Workers are
// required.
type Config struct {
	// Language is that of every text; there are texts for every language of the bot.
	Language funnel.Locale
	// Now is when the history ends: what it holds happened before the day of it. The same language
	// and day, in the same zone and calendar, give the same history.
	Now   time.Time
	Store funnel.Store
	// Funnel returns the funnel of a kind of deals; the story needs the built-in ones of new business
	// and of renewals.
	Funnel func(funnel.Kind) *funnel.Funnel
	// NewID is called by several goroutines at once.
	NewID funnel.IDs
	// Workspace and Me are stored already. The workspace has no deals; Me owns some of those to come.
	Workspace funnel.Workspace
	Me        funnel.Member
	// Place is where Me talks, in the words of the door: door/chat. A qualification that Me has not
	// finished stands there.
	Place string
	// Workers is how many deals are written at a time; zero means six.
	Workers int
}

// Play writes the history. Deals have their numbers in the order in which they were opened.
func Play(ctx context.Context, c Config) error {
	// Days are counted where the person at the chat is, for a step of today has to be due today.
	y, err := newYear(&c, c.Me.Location(c.Workspace))
	if err != nil {
		return err
	}
	if y.team, err = hire(ctx, &c, y.book.lines["team"], y.end); err != nil {
		return err
	}
	return y.write(ctx, y.live())
}
