package sessionstest

import (
	"crypto/rand"
	"strings"

	"funnelbot/funnel"
)

// NewKey returns a key that no other test uses, so that tests may share one server.
func NewKey() funnel.SessionKey {
	return funnel.SessionKey{Workspace: newID(), Member: newID(), Place: "chat " + rand.Text()}
}

func newID() funnel.ID {
	var id funnel.ID
	_, _ = rand.Read(id[:]) // never fails; see crypto/rand
	return id
}

// neighbours returns keys that differ from each other in one part, or only look alike.
func neighbours() []funnel.SessionKey {
	key := NewKey()
	swapped := funnel.SessionKey{Workspace: key.Member, Member: key.Workspace, Place: key.Place}
	keys := []funnel.SessionKey{
		key, swapped,
		{Workspace: newID(), Member: key.Member, Place: key.Place},
		{Workspace: key.Workspace, Member: newID(), Place: key.Place},
	}
	places := []string{
		"", " ", ":", "::", "{}", "}", "{" + key.Member.String() + "}", key.Member.String(),
		"slack:D024BE91L", "slack:d024be91l", "telegram:-100123", "telegram:-100123:7", "telegram:-100123 ",
		"терминал", "терминал ё", "🙂", "*", "%", "_", "'; --", `\`, "line\nbreak", strings.Repeat("long", 100),
	}
	for _, place := range places {
		keys = append(keys, funnel.SessionKey{Workspace: key.Workspace, Member: key.Member, Place: place})
	}
	return keys
}
