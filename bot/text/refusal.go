package text

import (
	"maps"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// ReasonKey and SourceKey are what [Printer.Naming] is asked for when a refusal names a loss
// reason or a source: their titles stand in the workspace's funnel. Words that are no keys,
// because somebody typed them, are written as they are.
type (
	// ReasonKey is the key of a loss reason.
	ReasonKey string
	// SourceKey is the key of a source.
	SourceKey string
)

// Refusal returns the sentence of a refusal: what was wrong and what to do.
func (p *Printer) Refusal(e *funnel.Error) string {
	args := maps.Clone(map[string]any(e.Args))
	_, aboutField := args["field"]
	for name, value := range args {
		word, ok := value.(string)
		if !ok {
			continue
		}
		switch name {
		case "field":
			args[name] = p.known("field.", word)
		case "nearest": // of fields or of verbs
			if aboutField {
				args[name] = p.known("field.", word)
			}
		case "door":
			args[name] = p.known("door.", word)
		case "kind":
			args[name] = p.known("answer.", word)
		case "reason":
			args[name] = ReasonKey(word)
		case "source":
			args[name] = SourceKey(word)
		}
	}
	switch {
	case e.Code == funnel.CodeNoContact && e.Args["name"] == "":
		return p.Say("error.no_contact_now", nil)
	case e.Code == "not_met" && e.Args["name"] == "":
		return p.Say("error.not_met_now", nil)
	case e.Code == dialog.CodeNotUnderstood && e.Args["kind"] == string(dialog.Person):
		return p.Say("error.dialog_not_a_person", nil)
	case e.Code == funnel.CodeBadValue && ofPerson(e.Args["field"]):
		return p.Say("error.bad_value_person", args)
	}
	return p.Say("error."+string(e.Code), args)
}

// ofPerson reports whether a field is of somebody at the client, and not of a deal.
func ofPerson(field any) bool {
	return field == "phone" || field == "email" || field == "position" || field == "stance"
}

// known is the sentence of a word of the domain, or the word itself where people made it up.
func (p *Printer) known(prefix, word string) string {
	if !p.Has(prefix + word) {
		return word
	}
	return p.Say(prefix+word, nil)
}
