package funnel

import "slices"

// unseat puts the committee and the people of the company back to what they were before a change.
// People may have been changed through another deal of the company meanwhile: that stays. Who was
// forgotten meanwhile stays forgotten.
func (d *Decision) unseat(b *Before) error {
	for _, id := range b.NewChairs {
		d.After.Committee = slices.DeleteFunc(slices.Clone(d.After.Committee), func(v ChairView) bool { return v.Contact == id })
	}
	for _, left := range b.Left {
		now, known := contactOf(d.After.Contacts, left.ID)
		if !known {
			continue
		}
		was, ok := contactOf(b.Contacts, left.ID)
		if !ok {
			if now == left {
				d.After.Contacts = slices.DeleteFunc(slices.Clone(d.After.Contacts), func(p Contact) bool { return p.ID == left.ID })
			}
			continue
		}
		again, mine := now.without(&left, &was)
		if !mine {
			return Refuse(CodeUndoOvertaken, Args{"deal": d.After.Deal.Number})
		}
		d.know(again)
	}
	for _, c := range b.Chairs {
		v := ChairView{Chair: c, Person: Contact{ID: c.Contact}}
		if i := slices.IndexFunc(d.After.Committee, func(o ChairView) bool { return o.Contact == c.Contact }); i >= 0 {
			v.Person, v.LastTouch = d.After.Committee[i].Person, d.After.Committee[i].LastTouch
		}
		if p, ok := contactOf(d.After.Contacts, c.Contact); ok {
			v.Person = p
		}
		d.seat(v)
	}
	return nil
}

// without returns the person as before a change that left what it left, and whether nothing of that
// was changed by somebody else since.
func (p *Contact) without(left, was *Contact) (Contact, bool) {
	again := *p
	olds, lefts, fresh := was.texts(), left.texts(), again.texts()
	for i := range fresh {
		switch {
		case *olds[i] == *lefts[i]:
		case *fresh[i] != *lefts[i]:
			return again, false
		default:
			*fresh[i] = *olds[i]
		}
	}
	return again, true
}

// texts are what people say of a person, in one order.
func (p *Contact) texts() []*string { return []*string{&p.Name, &p.Position, &p.Phone, &p.Email} }

func contactOf(people []Contact, id ID) (Contact, bool) {
	for _, p := range people {
		if p.ID == id {
			return p, true
		}
	}
	return Contact{}, false
}

func chairOf(committee []ChairView, id ID) (Chair, bool) {
	for _, v := range committee {
		if v.Contact == id {
			return v.Chair, true
		}
	}
	return Chair{}, false
}
