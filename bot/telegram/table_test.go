package telegram

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
)

func TestTableOnANarrowPhone(t *testing.T) {
	t.Parallel()
	columns := []message.Column{
		{Title: "Stage of the deal"}, {Title: "Came in", Right: true}, {Title: "Went back", Right: true}, {Title: "Won", Right: true},
	}
	line := func(words ...string) []message.Line {
		var l []message.Line
		for _, w := range words {
			l = append(l, message.Text(w))
		}
		return l
	}
	for name, tt := range map[string]struct {
		rows [][]message.Line
		want string
	}{
		"a column that says nothing makes room": {
			[][]message.Line{line("Lead", "0", "0", "0"), line("Talks", "3", "–", "2")},
			"<pre>Stage of the deal  Came in  Won\nLead                     0    0\nTalks                    3    2</pre>",
		},
		"what has no room is said where there is something": {
			[][]message.Line{line("Lead", "0", "0", "0"), line("Talks", "3", "1", "—"), line("", "10", "1", "1")},
			"• <b>Lead</b>\n• <b>Talks</b> · <i>Came in: </i>3 · <i>Went back: </i>1\n" +
				"•  · <i>Came in: </i>10 · <i>Went back: </i>1 · <i>Won: </i>1",
		},
		"short rows": {
			[][]message.Line{line("Lead", "0", "1"), line("Talks")},
			"<pre>Stage of the deal  Went back\nLead                       1\nTalks</pre>",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, markup(table(message.Table{Columns: columns, Rows: tt.rows})))
		})
	}
}

func TestLeadStandsAtItsList(t *testing.T) {
	t.Parallel()
	list := message.List{Items: []message.Item{{Text: message.Text("one")}}}
	parts := (&renderer{}).render(message.New(message.Para(message.Plain("Deals")), list, list, message.Para(message.Plain("end"))))
	require.Len(t, parts, 1)
	require.Equal(t, "Deals\n• one\n\n• one\n\nend", parts[0].html)
}
