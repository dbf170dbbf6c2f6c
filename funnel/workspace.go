package funnel

import "time"

// Locale is a language that people read: "en" or "ru".
type Locale string

// The languages that every sentence exists in.
const (
	English Locale = "en"
	Russian Locale = "ru"
)

// Workspace is one company that uses the bot. All its data carries its identifier.
type Workspace struct {
	ID   ID
	Name string
	// Locale is the language of messages that several people read.
	Locale Locale
	// Zone is the IANA name of the time zone of days and working hours.
	Zone string
	// Currency is assumed where a person names none.
	Currency Currency
	Calendar Calendar
	// Version grows with every change of the settings, so that copies can be checked for age.
	Version int64
}

// Location returns the zone of the workspace, or UTC where the name is not known here.
func (w Workspace) Location() *time.Location { return location(w.Zone) }

// Team is members with a manager. A workspace starts with one.
type Team struct {
	Workspace ID
	ID        ID
	Name      string
	// Manager is zero while nobody leads the team.
	Manager ID
}

// location falls back to UTC: a zone that this machine does not know must not stop a command.
func location(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
