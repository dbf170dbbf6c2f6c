package commands

import "funnelbot/funnel"

// Qualified is what a finished qualification has come to.
type Qualified struct {
	Changed funnel.Changed
	Result  funnel.Qualified
	// By is the name of the member who did it, where others than he or she see the answer.
	By string
	// Last is the qualification before, or nil; Different is what is answered otherwise since, in the
	// order of the questions.
	Last      *funnel.Qualified
	Different []Difference
	// Offers are the proposed move first, then undo and the way to go through it again.
	Offers []Offer
}

// Difference is one question that is answered otherwise than before. A question that was not
// answered has the zero Given.
type Difference struct {
	Question string
	Was, Is  funnel.Given
}

// Paused says that a dialog was set aside. Given of Of questions are answered and kept.
type Paused struct {
	Verb      Key
	Deal      *funnel.DealView
	Given, Of int
	Offers    []Offer
}

// Asking lists the qualifications of the member that are open, the one that was heard of last first.
type Asking struct {
	Open []OpenAsking
}

// OpenAsking is a qualification that can be gone on with.
type OpenAsking struct {
	Deal funnel.DealView
	// Door is where it stands.
	Door string
	// Offer goes on with it here.
	Offer Offer
}

// Committee shows who decides at the client of a deal.
type Committee struct {
	Deal     funnel.DealView
	Coverage funnel.Coverage
	// Chairs are the people of the deal, those with a role first, in the order of the funnel's roles.
	Chairs []funnel.ChairView
	// Offers are one for each of Chairs, in their order, then the ways to add somebody.
	Offers []Offer
}

// Person shows one person of a committee.
type Person struct {
	Deal   funnel.DealView
	Chair  funnel.ChairView
	Offers []Offer
}

// Forgotten says that a person's data was erased, and from how many deals.
type Forgotten struct {
	Name  string
	Deals int
	// Asks says that nothing was done: the person at Company is to be erased with the offer, or one of
	// those whom the offers name where Name is empty.
	Asks    bool
	Company string
	Offers  []Offer
}
