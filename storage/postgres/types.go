package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"funnelbot/funnel"
)

// registerTypes lets queries take and return the identifiers and dates of the domain as they are:
// their zero values are NULL.
func registerTypes(conn *pgx.Conn) {
	m := conn.TypeMap()
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapScan}, m.TryWrapScanPlanFuncs...)
}

type uid funnel.ID //nolint:recvcheck // scanning needs a pointer, encoding a value.

// ScanUUID implements pgtype.UUIDScanner.
func (u *uid) ScanUUID(v pgtype.UUID) error {
	*u = uid{}
	if v.Valid {
		*u = v.Bytes
	}
	return nil
}

// UUIDValue implements pgtype.UUIDValuer.
func (u uid) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: u, Valid: u != uid{}}, nil }

type calendarDay funnel.Date //nolint:recvcheck // scanning needs a pointer, encoding a value.

// ScanDate implements pgtype.DateScanner.
func (d *calendarDay) ScanDate(v pgtype.Date) error {
	*d = calendarDay{}
	if v.Valid {
		*d = calendarDay(funnel.DateOf(v.Time))
	}
	return nil
}

// DateValue implements pgtype.DateValuer.
func (d calendarDay) DateValue() (pgtype.Date, error) {
	return pgtype.Date{Time: funnel.Date(d).In(time.UTC), Valid: !funnel.Date(d).IsZero()}, nil
}

// instant is a time whose zero value is NULL.
type instant time.Time //nolint:recvcheck // scanning needs a pointer, encoding a value.

// ScanTimestamptz implements pgtype.TimestamptzScanner.
func (t *instant) ScanTimestamptz(v pgtype.Timestamptz) error {
	*t = instant{}
	if v.Valid {
		*t = instant(v.Time.UTC())
	}
	return nil
}

// TimestamptzValue implements pgtype.TimestamptzValuer.
func (t instant) TimestamptzValue() (pgtype.Timestamptz, error) {
	return pgtype.Timestamptz{Time: time.Time(t), Valid: !time.Time(t).IsZero()}, nil
}

type encodePlan struct {
	next pgtype.EncodePlan
	wrap func(any) any
}

func (p *encodePlan) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *encodePlan) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(p.wrap(value), buf)
}

func wrapValue(value any) any {
	switch v := value.(type) {
	case funnel.ID:
		return uid(v)
	case funnel.Date:
		return calendarDay(v)
	case time.Time:
		return instant(v)
	}
	return nil
}

func wrapEncode(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	next := wrapValue(value)
	if next == nil {
		return nil, nil, false
	}
	return &encodePlan{wrap: wrapValue}, next, true
}

type scanPlan struct {
	next pgtype.ScanPlan
	wrap func(any) any
}

func (p *scanPlan) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanPlan) Scan(src []byte, target any) error { return p.next.Scan(src, p.wrap(target)) }

func wrapTarget(target any) any {
	switch t := target.(type) {
	case *funnel.ID:
		return (*uid)(t)
	case *funnel.Date:
		return (*calendarDay)(t)
	case *time.Time:
		return (*instant)(t)
	}
	return nil
}

func wrapScan(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
	next := wrapTarget(target)
	if next == nil {
		return nil, nil, false
	}
	return &scanPlan{wrap: wrapTarget}, next, true
}
