package commands

// signed names who has made the changes that a reply tells of: in a chat of several people nobody
// sees otherwise whose words or whose press it answers. It shares nothing with the reply that it
// changes.
func signed(reply Reply, by string) Reply {
	switch r := reply.(type) {
	case Changed:
		r.By = by
		return r
	case Qualified:
		r.By = by
		return r
	case Aside:
		r.Reply = signed(r.Reply, by)
		return r
	case Sequence:
		parts := make([]Reply, len(r.Replies))
		for i, part := range r.Replies {
			parts[i] = signed(part, by)
		}
		return Sequence{Replies: parts}
	}
	return reply
}
