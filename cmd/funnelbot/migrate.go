package main

import (
	"context"
	"fmt"
)

type migrateCommand struct{}

// Run brings the schema up to date. Every other command does so too; this one does nothing else.
func (migrateCommand) Run(ctx context.Context, s *settings, io *streams) error {
	a, err := newApp(ctx, s, io, options{})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	fmt.Fprintln(io.out, "The database is up to date.")
	return nil
}
