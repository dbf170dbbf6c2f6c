package commands

// help explains a verb, or lists what this member may say.
func (c *call) help(w *want) (Reply, error) {
	if v, ok := verbOf(w.Intent.Topic); ok {
		return Help{Topic: v.Key, Verbs: []Verb{v}}, nil
	}
	var verbs []Verb
	for _, v := range Verbs() {
		if c.me.Role.Allows(v.Who) {
			verbs = append(verbs, v)
		}
	}
	return Help{Verbs: verbs}, nil
}
