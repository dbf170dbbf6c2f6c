package dialog

import "slices"

// lay returns the questions of one page, from those that asks chooses: in the order of the path, without
// any that looks at an answer which is not known before the page is sent. Known says which of the others have one.
// First is on the page in any case; it may be empty.
func (s Script) lay(spots []spot, first string, asks, known func(i int) bool) []string {
	open := make(map[string]bool, len(s.Steps)) // what nothing on the page may look at
	var page []*Step
	j := 0
	for i := range s.Steps {
		step := &s.Steps[i]
		waits := step.waits(open)
		if j == len(spots) || spots[j].step.Key != step.Key {
			open[step.Key] = waits // whether it is asked at all may yet change
			continue
		}
		at := j
		j++
		if step.Key == first || !waits && asks(at) {
			page = append(page, step)
			open[step.Key] = true
			continue
		}
		open[step.Key] = waits || !known(at)
	}
	return keysOf(s.cut(page))
}

// waits reports whether the step looks at one of the open ones.
func (step *Step) waits(open map[string]bool) bool {
	looks := step.When != nil || step.Options != nil || step.Default != nil || step.Check != nil
	if step.Needs == nil && looks {
		for _, is := range open {
			if is {
				return true
			}
		}
	}
	return slices.ContainsFunc(step.Needs, func(key string) bool { return open[key] })
}

// cut returns as much of the page as may be asked at once: up to the end of a group if one ends there.
func (s Script) cut(page []*Step) []*Step {
	limit, size := 0, 0
	for ; limit < len(page) && limit < s.Page; limit++ {
		if size += len(page[limit].Key) + len(`"",`); size > maxOffered && limit > 0 {
			break
		}
	}
	if limit == len(page) {
		return page
	}
	for end := limit; end > 0; end-- {
		if page[end-1].Group != page[end].Group {
			return page[:end]
		}
	}
	return page[:limit]
}

func keysOf(steps []*Step) []string {
	keys := make([]string, len(steps))
	for i, step := range steps {
		keys[i] = step.Key
	}
	return keys
}

// from returns the page that begins at the step: it and the open questions behind it. An answer that is
// changed on demand is a page of its own.
func (t *turn) from(spots []spot, first string, editing bool) []string {
	switch {
	case t.script.Page <= 0:
		return nil
	case editing:
		return []string{first}
	}
	begin := find(spots, first)
	return t.script.lay(spots, first, func(i int) bool { return i > begin && spots[i].pending() },
		func(i int) bool { return !spots[i].pending() })
}

// preceding returns the page before the one that stands, or nil. Nothing says how the pages were that
// have been shown, so the path is divided as if nothing were answered yet; that gives the same pages
// as long as the answers lead the same way.
func (t *turn) preceding(spots []spot) []string {
	taken := make(map[string]bool, len(spots))
	var pages [][]string
	for len(taken) < len(spots) {
		was := func(i int) bool { return taken[spots[i].step.Key] }
		page := t.script.lay(spots, "", func(i int) bool { return !was(i) }, was)
		if len(page) == 0 {
			return nil
		}
		pages = append(pages, page)
		for _, key := range page {
			taken[key] = true
		}
	}
	if t.state.Phase != Ask {
		if len(pages) == 0 {
			return nil
		}
		return pages[len(pages)-1]
	}
	stands := t.state.Page
	now := slices.IndexFunc(pages, func(page []string) bool { return slices.Contains(page, stands[0]) })
	for i := now; i >= 0; i-- {
		page := pages[i]
		if i == now {
			page = page[:slices.Index(page, stands[0])]
		}
		page = slices.DeleteFunc(slices.Clone(page), func(key string) bool { return slices.Contains(stands, key) })
		if len(page) > 0 {
			return page
		}
	}
	return nil
}

// relay lays the page that stands anew where it cannot stay: the place has other forms, or the script asks something else.
func (t *turn) relay(spots []spot) {
	st := &t.state
	same := t.seen.Script == st.Script && t.seen.ScriptVersion == st.ScriptVersion
	if t.script.Page <= 0 && len(st.Page) == 0 || same && len(st.Page) > 0 && len(st.Page) <= t.script.Page && onPath(spots, st.Page) &&
		slices.Contains(st.Page, st.Cursor) {
		return
	}
	st.Page = t.from(spots, st.Cursor, st.Editing)
}

// onPath reports whether all questions of the page are asked, in its order.
func onPath(spots []spot, page []string) bool {
	last := -1
	for _, key := range page {
		i := find(spots, key)
		if i <= last {
			return false
		}
		last = i
	}
	return true
}

// turnTo makes a page the one that stands.
func (t *turn) turnTo(spots []spot, page []string) {
	st := &t.state
	st.Phase, st.Editing, st.Page = Ask, false, page
	at := spots[find(spots, page[0])]
	for _, key := range page {
		if i := find(spots, key); spots[i].pending() {
			at = spots[i]
			break
		}
	}
	t.point(at.step)
}
