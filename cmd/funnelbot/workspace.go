package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"funnelbot/funnel"
)

// workspace returns the workspace that the command line works on, which is made at first use.
func (a *app) workspace(ctx context.Context, l funnel.Locale, io *streams) (funnel.Workspace, error) {
	w, err := a.newWorkspace(l, io)
	if err != nil {
		return w, err
	}
	return a.store.Settle(ctx, w, funnel.Team{ID: newID(), Name: w.Name})
}

// newWorkspace is the workspace as the settings describe it, not stored.
func (a *app) newWorkspace(l funnel.Locale, io *streams) (funnel.Workspace, error) {
	w := funnel.Workspace{
		ID: newID(), Name: a.settings.Workspace, Locale: l, Zone: a.settings.Zone,
		Currency: funnel.Currency(strings.ToUpper(a.settings.Currency)), Calendar: funnel.OfficeHours(),
	}
	if w.Zone == "" {
		w.Zone = machineZone(io.getenv)
	}
	if _, err := time.LoadLocation(w.Zone); err != nil {
		return w, fmt.Errorf("time zone %q is not known: use a name such as Europe/Moscow", w.Zone)
	}
	if w.Currency == "" {
		w.Currency = "USD"
		if l == funnel.Russian {
			w.Currency = "RUB"
		}
	}
	if len(w.Currency) != 3 {
		return w, fmt.Errorf("currency %q is not known: use a code of three letters such as USD", w.Currency)
	}
	return w, nil
}

// errNoWorkspace says that a command which only reads was pointed at nothing.
var errNoWorkspace = errors.New("no such workspace")

// knownWorkspace returns the workspace that the command line works on if it is there: what only
// reads makes none, or a slip of the finger would give an empty report.
func (a *app) knownWorkspace(ctx context.Context) (funnel.Workspace, error) {
	all, err := a.store.Workspaces(ctx)
	if err != nil {
		return funnel.Workspace{}, err
	}
	var names []string
	for _, w := range all {
		if w.Name == a.settings.Workspace {
			return w, nil
		}
		names = append(names, w.Name)
	}
	if len(names) == 0 {
		return funnel.Workspace{}, fmt.Errorf("%w: nothing is here yet; start with funnelbot chat or funnelbot import", errNoWorkspace)
	}
	return funnel.Workspace{}, fmt.Errorf("%w as %q; there is %s", errNoWorkspace, a.settings.Workspace, strings.Join(names, ", "))
}

// sentence puts a refusal into words; other errors stay as they are.
func (a *app) sentence(l funnel.Locale, err error) error {
	if refused, ok := errors.AsType[*funnel.Error](err); ok {
		return errors.New(a.texts.In(string(l)).Refusal(refused))
	}
	return err
}
