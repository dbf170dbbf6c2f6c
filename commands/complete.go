package commands

import (
	"context"
	"strings"

	"funnelbot/funnel"
)

// maxCompletions is how many lines are offered for an unfinished one.
const maxCompletions = 12

// complete returns the lines that an unfinished line may become: a verb in the language it was
// begun in, or the name of one of the member's deals as its last words.
func (c *call) complete(ctx context.Context, line string) []string {
	head, word := "", line
	if i := strings.LastIndexByte(line, ' '); i >= 0 {
		head, word = line[:i+1], line[i+1:]
	}
	begun := strings.ToLower(word)
	var lines []string
	if head == "" {
		slash := strings.HasPrefix(begun, "/")
		for _, v := range Verbs() {
			for _, name := range append(v.English[:1:1], v.Russian[:1]...) {
				if slash {
					name = "/" + name
				}
				if strings.HasPrefix(name, begun) {
					lines = append(lines, name+" ")
				}
			}
		}
	}
	if begun == "" && head == "" {
		return lines
	}
	mine, _, err := c.desk.service.Read().ListDeals(ctx, c.ask.Workspace, funnel.DealQuery{
		List: funnel.ListMine, Owner: c.me.ID, Today: c.today(), Funnel: c.plan, Now: c.ask.At, Limit: 100,
	})
	if err != nil {
		return lines
	}
	seen := map[string]bool{}
	for i := range mine {
		name := mine[i].CompanyName
		if !seen[name] && strings.HasPrefix(strings.ToLower(name), begun) && len(lines) < maxCompletions {
			seen[name] = true
			lines = append(lines, head+name+" ")
		}
	}
	return lines
}
