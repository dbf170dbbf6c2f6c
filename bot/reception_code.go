package bot

import (
	"context"
	"errors"
	"strings"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// wanted returns the verb of a visit, as far as that can be told before it is known whose it is, and
// the words behind it.
func (r *Reception) wanted(v *Visit) (commands.Key, string) {
	if v.Press == nil {
		return r.parser.Begin(storable(v.Text))
	}
	if line, ok := strings.CutPrefix(v.Press.Action, ">"); ok {
		return r.parser.Begin(storable(line))
	}
	verb, _, ok := strings.Cut(v.Press.Action, ":")
	if !ok {
		return "", ""
	}
	return commands.Key(verb), ""
}

// codeOf returns the code that somebody wants to be let in by, or "".
func codeOf(v *Visit, verb commands.Key, rest string) string {
	switch {
	case v.Code != "":
		return v.Code
	case v.Press != nil:
		return ""
	case verb == commands.VerbJoin:
		return strings.Join(strings.Fields(rest), "")
	case verb == commands.VerbHelp:
		return started(v.Text)
	}
	return ""
}

// started returns the code behind "start", which is what an invitation link types, or "". Other words
// behind it ask for help.
func started(line string) string {
	const shortest = 16
	words := strings.Fields(line)
	if len(words) != 2 || len(words[1]) < shortest || !starts(line) {
		return ""
	}
	other := func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_'
	}
	if strings.ContainsFunc(words[1], other) {
		return ""
	}
	return words[1]
}

// starts reports whether a line is what platforms type when somebody opens the chat with the bot.
func starts(line string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	first, _, _ = strings.Cut(strings.TrimPrefix(first, "/"), "@")
	return strings.EqualFold(first, "start")
}

// redeem lets somebody in by a code. A platform's outsiders are refused before the code is looked at.
func (r *Reception) redeem(ctx context.Context, v *Visit, code string) (message.Doc, string, error) {
	if !v.Venue.Private {
		r.refused(ctx, v, "code_in_group")
		return r.say(v, commands.Refused{Err: funnel.Refuse(commands.CodePrivateOnly, nil)}), resultRefused, nil
	}
	who, kind, err := r.allowed(ctx, v)
	if err != nil {
		return message.Doc{}, "", err
	}
	if kind != "" {
		return r.turnAway(ctx, v, kind, string(kind)), resultRefused, nil
	}
	got, err := r.service.Redeem(ctx, who, storable(code))
	switch funnel.CodeOf(err) {
	case funnel.CodeCodeInvalid:
		r.refused(ctx, v, "code")
	case funnel.CodeTooManyGuesses:
		r.refused(ctx, v, "guesses")
	}
	if refusal, ok := refusalOf(err); ok {
		return r.say(v, commands.Refused{Err: refusal}), resultRefused, nil
	}
	if err != nil {
		return message.Doc{}, "", err
	}
	r.belongings.forget(identity{who.Door, who.External})
	v.Caller.Locale = got.Member.Locale
	doc := r.say(v, commands.NewAdmitted(got))
	doc.Workspace, doc.Member = got.Workspace.ID, got.Member.ID
	return doc, resultAnswered, nil
}

// allowed returns the visitor as the platform describes them, or how somebody is met who must not
// even try a code.
func (r *Reception) allowed(ctx context.Context, v *Visit) (funnel.Caller, commands.StrangerKind, error) {
	who := v.Caller
	voucher := r.voucher(who.Door)
	if voucher == nil {
		return who, "", nil
	}
	installed, err := r.installed(ctx, who)
	if err != nil {
		return who, "", err
	}
	if installed.IsZero() {
		return who, commands.StrangerRefused, nil
	}
	said, err := voucher.Vouch(ctx, who, nil)
	if err != nil {
		met, err := r.unsure(ctx, v, err)
		return who, met.kind, err
	}
	if said.Outsider {
		return who, commands.StrangerRefused, nil
	}
	return described(who, said.Caller), "", nil
}

// refusalOf returns the refusal inside err, other than that the database is away.
func refusalOf(err error) (*funnel.Error, bool) {
	e, ok := errors.AsType[*funnel.Error](err)
	return e, ok && e.Code != funnel.CodeUnavailable
}

// described is a caller with what the platform knows of them; who it is stays.
func described(who, known funnel.Caller) funnel.Caller {
	known.Door, known.Team, known.External = who.Door, who.Team, who.External
	if known.Name == "" {
		known.Name = who.Name
	}
	if known.Handle == "" {
		known.Handle = who.Handle
	}
	if known.Locale == "" {
		known.Locale = who.Locale
	}
	if known.Zone == "" {
		known.Zone = who.Zone
	}
	return known
}
