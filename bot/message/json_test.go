package message_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

func TestAStoredMessageIsTheSameAgain(t *testing.T) {
	t.Parallel()
	c, err := text.Load()
	require.NoError(t, err)
	plan, err := definition.Default()
	require.NoError(t, err)
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		for _, group := range replies(l) {
			for _, r := range group {
				doc := message.Compose(c.In(string(l)), commands.Reader{Locale: l, Now: now, Funnel: plan}, r.reply)
				if doc.Secret {
					continue
				}
				same(t, doc)
			}
		}
	}
	option := message.Option{Label: "Acme", Action: "pick:1", Note: "note", Chosen: true}
	same(t, message.Doc{Deal: id(7), Shared: true, Blocks: []message.Block{
		message.Picture{Name: "funnel.png", Alt: "the funnel", Data: []byte{0, 1, 2}},
		message.File{Name: "deals.csv", Type: "text/csv", Note: "all of them", Data: []byte("a;b")},
		message.Table{Columns: []message.Column{{Title: "Deal"}, {Title: "Amount", Right: true}}, Rows: [][]message.Line{{message.Text("Acme"), nil}}},
		message.Choices{Prompt: message.Text("Which?"), Options: []message.Option{option}},
		message.Form{Question: message.Text("How much?"), Kind: message.AnswerMoney, Default: &option, Reply: "~a~answer"},
		message.Divider{},
	}})
}

func same(t *testing.T, doc message.Doc) {
	t.Helper()
	data, err := json.Marshal(doc)
	require.NoError(t, err)
	var again message.Doc
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, doc, again)
}

func TestASecretIsNeverStored(t *testing.T) {
	t.Parallel()
	doc := message.New(message.Para(message.Code("k3j9")))
	doc.Secret = true
	_, err := json.Marshal(doc)
	require.ErrorContains(t, err, "secret")
}

func TestABlockOfAnotherVersionIsNotLeftOut(t *testing.T) {
	t.Parallel()
	var doc message.Doc
	require.ErrorContains(t, json.Unmarshal([]byte(`{"blocks":[{"kind":"hologram","block":{}}]}`), &doc), "hologram")
	require.Error(t, json.Unmarshal([]byte(`{"blocks":[{"kind":"list","block":7}]}`), &doc))
	require.Zero(t, doc)
}
