//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"strings"
)

// What keeps a private cluster from starting and somebody can put right.
// Their texts are made for the person at the terminal.
var (
	ErrNoDir = errors.New("no data folder: set FUNNELBOT_DATA to a folder, or HOME to the user's home")

	ErrNoPrograms = errors.New("PostgreSQL's programs are missing")

	ErrLocale = errors.New("the private cluster does not know Cyrillic letters")

	ErrNoTrigrams = errors.New("the PostgreSQL extension pg_trgm is not installed; it is a package of its own:\n" +
		"  Debian, Ubuntu   part of postgresql; with packages from elsewhere: apt install postgresql-contrib\n" +
		"  Fedora, RHEL     dnf install postgresql-contrib\n" +
		"  Alpine           apk add postgresql-contrib\n" +
		"  macOS            part of Homebrew's postgresql")

	ErrInUse = errors.New("the private cluster is in use by a process that cannot be seen from here")
)

// installHint says how PostgreSQL comes to each system, and the way without.
const installHint = "Install them:\n" +
	"  Debian, Ubuntu   apt install postgresql\n" +
	"  Fedora, RHEL     dnf install postgresql-server postgresql-contrib (RHEL 9: first dnf module enable postgresql:16)\n" +
	"  Alpine           apk add postgresql postgresql-contrib\n" +
	"  macOS            brew install postgresql@17\n" +
	"or run a server, for example with deploy/compose.yaml, and set DATABASE_URL."

// missing explains that no usable programs were found: seen are installations
// that do not serve, each with its reason.
func missing(need string, looked, seen []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "no %s in %s.\n", need, strings.Join(looked, ", "))
	for _, s := range seen {
		fmt.Fprintf(&b, "Found, but of no use: %s.\n", s)
	}
	b.WriteString(installHint)
	return fmt.Errorf("%w: %s", ErrNoPrograms, b.String())
}
