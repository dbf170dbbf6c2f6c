package csv

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"funnelbot/funnel"
)

// convert makes a row of the cells. The first cell that cannot be used is the fault of the row.
func (s *Source) convert(out *funnel.ImportRow) error {
	k := &converter{Source: s, out: out, get: s.cells.values}
	out.Case = k.get[FieldDeal]
	if out.Case == "" {
		k.fail(FieldDeal, "empty", "the row does not say which deal it is of")
		return k.fault
	}
	switch s.plan.rows {
	case Deals:
		out.Kind = funnel.ImportDeal
		k.stand()
		k.deal()
		k.dates()
	case History:
		out.Kind = funnel.ImportMove
		k.event()
		k.stand()
		k.change()
		if s.plan.tellsOfDeals {
			k.deal()
		}
	case Activities:
		out.Kind = funnel.ImportActivity
		k.event()
		k.activity()
	}
	if k.fault != nil {
		return k.fault
	}
	return nil
}

// converter reads cells until the first fault.
type converter struct {
	*Source
	out   *funnel.ImportRow
	get   map[Field]string
	fault *funnel.RowError
}

func (k *converter) fail(f Field, reason, detail string) {
	if k.fault != nil {
		return
	}
	column := k.plan.taken[f]
	if column == "" {
		column = string(f)
	}
	k.fault = k.reject(column, reason, detail)
}

// moment reads a time, with the zone for days and for times without an offset. timed tells whether
// it was more than a day.
func (k *converter) moment(f Field) (t time.Time, timed bool) {
	text := k.get[f]
	if text == "" {
		return time.Time{}, false
	}
	m, err := readMoment(text)
	if err != nil {
		k.fail(f, "bad_date", fmt.Sprintf("%q is %s", text, err))
		return time.Time{}, false
	}
	order := k.orders[f]
	if text == k.mapping.Defaults[f] && order == "" {
		order = YMD
	}
	if !m.instant.IsZero() || m.wide == 0 {
		order = YMD
	}
	t, ok := m.in(order, k.zone)
	if !ok {
		k.fail(f, "bad_date", fmt.Sprintf("%q is no day of the calendar when dates are read as %s", text, order))
		return time.Time{}, false
	}
	return t, m.timed
}

func (k *converter) instant(f Field) time.Time {
	t, _ := k.moment(f)
	if t.IsZero() {
		return t
	}
	return t.UTC()
}

func (k *converter) day(f Field) funnel.Date {
	t, timed := k.moment(f)
	if t.IsZero() {
		return funnel.Date{}
	}
	if timed {
		t = t.In(k.zone)
	}
	return funnel.DateOf(t)
}

func (k *converter) money() funnel.Money {
	text := k.get[FieldAmount]
	if code := k.get[FieldCurrency]; code != "" {
		if _, ok := currencyOf(code, k.Source.money); !ok {
			k.fail(FieldCurrency, "bad_currency", fmt.Sprintf("%q is no currency; use an ISO code such as USD", code))
			return funnel.Money{}
		}
	}
	if text == "" {
		return funnel.Money{}
	}
	f, err := readFigure(text, k.currency(&k.cells))
	if err != nil {
		k.fail(FieldAmount, "bad_amount", fmt.Sprintf("%q is %s", text, err))
		return funnel.Money{}
	}
	n, ok := f.in(k.style)
	if !ok {
		k.fail(FieldAmount, "bad_amount", fmt.Sprintf("%q is no amount in %s with a decimal %s", text, f.currency, k.style))
		return funnel.Money{}
	}
	return funnel.Money{Minor: n, Currency: f.currency}
}

// stand reads where the deal stands, or went.
func (k *converter) stand() {
	out := k.out
	if w := k.get[FieldStage]; w != "" {
		t, ok := k.words.stage(w)
		if !ok {
			k.fail(FieldStage, "unmapped_stage", fmt.Sprintf("%q stands for no stage", w))
		}
		out.Stage, out.Outcome, out.Reason = t.stage, t.outcome, t.reason
	}
	if w := k.get[FieldOutcome]; w != "" {
		o, ok := k.words.outcomes[plain(w)]
		if !ok {
			k.fail(FieldOutcome, "unmapped_outcome", fmt.Sprintf("%q is no outcome", w))
		}
		out.Outcome = o
	}
	out.Note = k.get[FieldNote]
	if w := k.get[FieldReason]; w != "" {
		key, ok := k.words.reasons[plain(w)]
		switch {
		case ok && out.Outcome == funnel.Lost:
			out.Reason = key
		case out.Note == "":
			out.Note = w
		case out.Note != w:
			out.Note = w + ". " + out.Note
		}
	}
	out.Amount = k.money()
}

// event reads when a change or an activity happened, and who did it.
func (k *converter) event() {
	out := k.out
	out.At = k.instant(FieldAt)
	if out.At.IsZero() && k.fault == nil {
		k.fail(FieldAt, "empty", "the row does not say when it happened")
	}
	out.RecordedAt = k.instant(FieldRecorded)
	out.Key, out.Actor = k.get[FieldRow], k.get[FieldActor]
	if text := k.get[FieldOrder]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			k.fail(FieldOrder, "bad_number", fmt.Sprintf("%q is no whole number", text))
		}
		out.Order = n
	}
}

// change reads what is told of a change of stage only.
func (k *converter) change() {
	out := k.out
	out.Said = k.get[FieldStage] + "\x00" + k.get[FieldOutcome]
	if k.mapping.own {
		out.Move = funnel.MoveKind(k.get[FieldType])
		out.Reason, out.Note, out.Outcome = k.get[FieldReason], k.get[FieldNote], ""
		return
	}
	if out.Stage == "" && out.Outcome == "" {
		k.fail(FieldStage, "empty", "the row does not say into which stage the deal went")
	}
}

func (k *converter) activity() {
	out := k.out
	out.Direction = funnel.Direction(k.get[FieldDir])
	out.Text = k.get[FieldText]
	word := strings.ToLower(k.get[FieldType])
	for _, kind := range funnel.ActivityKinds() {
		if string(kind) == word {
			out.Activity = kind
		}
	}
	if out.Activity == "" {
		k.fail(FieldType, "bad_type", fmt.Sprintf("%q is no kind of activity; use one of %s", word,
			strings.Join(words(funnel.ActivityKinds()), ", ")))
	}
	if d := out.Direction; d != funnel.Undirected && d != funnel.Outgoing && d != funnel.Incoming {
		k.fail(FieldDir, "bad_direction", fmt.Sprintf("%q is no direction; use in or out", d))
	}
	out.Said = word + "\x00" + out.Text
}

// deal reads what is told of the deal itself.
func (k *converter) deal() {
	get := k.get
	d := &funnel.ImportedDeal{
		Title: get[FieldTitle], Owner: get[FieldOwner], Kind: funnel.Kind(get[FieldKind]), Basis: funnel.Basis(get[FieldBasis]),
		Signal: get[FieldSignal], Pain: get[FieldPain], Effect: get[FieldEffect], Custom: k.cells.custom,
		Closing: k.day(FieldClosing), ParkedUntil: k.day(FieldParked),
		Company: funnel.Company{
			Name: get[FieldCompany], Domain: get[FieldDomain], TaxID: get[FieldTaxID], Industry: get[FieldIndustry],
			Size: get[FieldSize], Region: get[FieldRegion],
		},
		Live: k.mapping.Wins == "work", Exact: k.mapping.own, Update: k.mapping.Known == "update",
	}
	if k.plan.format == HubSpot {
		d.Company.Name = withoutNumber(d.Company.Name)
	}
	if w := get[FieldSource]; w != "" {
		d.Source = w
		if key, ok := k.words.sources[plain(w)]; ok {
			d.Source = key
		}
	}
	if k.out.Kind == funnel.ImportDeal {
		d.Amount, k.out.Amount = k.out.Amount, funnel.Money{}
	}
	if text := get[FieldNumber]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			k.fail(FieldNumber, "bad_number", fmt.Sprintf("%q is no number of a deal", text))
		}
		d.Number = n
	}
	if text := get[FieldHistorical]; text != "" {
		yes, err := strconv.ParseBool(text)
		if err != nil {
			k.fail(FieldHistorical, "bad_value", fmt.Sprintf("%q is neither true nor false", text))
		}
		d.Live = !yes
	}
	if b := d.Basis; b != "" && b != funnel.Once && b != funnel.PerYear {
		k.fail(FieldBasis, "bad_value", fmt.Sprintf("%q is no basis; use once or year", b))
	}
	if kind := d.Kind; kind != "" && kind != funnel.NewBusiness && kind != funnel.Renewal && kind != funnel.Expansion {
		k.fail(FieldKind, "bad_value", fmt.Sprintf("%q is no kind of deal; use new, renewal or expansion", kind))
	}
	d.Next = funnel.NextStep{What: get[FieldNext], On: k.day(FieldNextOn), At: k.instant(FieldNextAt)}
	k.out.Deal = d
}

// dates reads when a deal was opened, came into its stage and ended. A day without a time, on the
// day of what came before, means "later that day".
func (k *converter) dates() {
	d := k.out.Deal
	var last time.Time
	for _, x := range []struct {
		field Field
		into  *time.Time
	}{{FieldOpened, &d.Opened}, {FieldSince, &d.StageSince}, {FieldClosed, &d.Closed}} {
		t, timed := k.moment(x.field)
		if t.IsZero() {
			continue
		}
		if !timed && t.Before(last) && funnel.DateOf(last.In(k.zone)) == funnel.DateOf(t) {
			t = last
		}
		*x.into, last = t.UTC(), t
	}
	o := k.out.Outcome
	if o == "" && k.out.Stage != "" && k.funnel.Signed(k.out.Stage) {
		o = funnel.Won
	}
	if o == funnel.Won || o == funnel.Lost || d.Closed.IsZero() {
		return
	}
	// Many programs write the day that is planned there while a deal is open.
	if d.Closing.IsZero() {
		d.Closing = funnel.DateOf(d.Closed.In(k.zone))
	}
	d.Closed = time.Time{}
}
