package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres"
)

// trouble is a fault of what the program stands on, in words for the person who runs it.
type trouble struct {
	// found says what is wrong, mend what to do.
	found, mend string
	err         error
}

// Error implements error.
func (t *trouble) Error() string { return t.found + ": " + t.mend }

// Unwrap implements errors.
func (t *trouble) Unwrap() error { return t.err }

// Faults of a server by their SQLSTATE.
const (
	wrongPassword   = "28P01"
	wrongUser       = "28000"
	noDatabase      = "3D000"
	notAllowed      = "42501"
	noExtension     = "0A000"
	noExtensionFile = "58P01"
	notNow          = "57P03"
	tooMany         = "53300"
)

// databaseTrouble puts a fault of the database that was named in the settings into words; what it
// does not know it returns as it is. Passwords are never part of the words.
func databaseTrouble(err error, address string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*pgconn.ParseConfigError](err); ok {
		return &trouble{
			"DATABASE_URL cannot be read", "write it as postgres://user:password@host:5432/database", errUnread,
		}
	}
	c, parseErr := pgconn.ParseConfig(address)
	if parseErr != nil {
		return err
	}
	server := serverName(c)
	// A server that is asked in several ways answers several times; what it says counts.
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		if found, mend := serverSays(pg, c, server); found != "" {
			return &trouble{found, mend, err}
		}
		return err
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	if _, network := errors.AsType[net.Error](err); network || connecting {
		return &trouble{
			fmt.Sprintf("PostgreSQL at %s does not answer (%s)", server, silence(err)),
			"check that the server runs and that DATABASE_URL names it", err,
		}
	}
	return err
}

// errUnread stands for a fault that quotes the address.
var errUnread = errors.New("address cannot be read")

// serverName is where a server is expected.
func serverName(c *pgconn.Config) string {
	if strings.HasPrefix(c.Host, "/") {
		return c.Host
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port)))
}

// serverSays puts an answer of the server into words; empty for those that need none.
func serverSays(pg *pgconn.PgError, c *pgconn.Config, server string) (found, mend string) {
	switch pg.Code {
	case wrongPassword, wrongUser:
		return fmt.Sprintf("PostgreSQL at %s does not let the user %q in", server, c.User),
			"check the user and the password in DATABASE_URL"
	case noDatabase:
		return fmt.Sprintf("PostgreSQL at %s has no database %q", server, c.Database),
			"create it, or name another one in DATABASE_URL"
	case notNow:
		return fmt.Sprintf("PostgreSQL at %s is starting or stopping", server), "try again in a moment"
	case tooMany:
		return fmt.Sprintf("PostgreSQL at %s takes no more connections", server),
			"raise max_connections there, or end programs that hold some"
	case noExtension, noExtensionFile:
		if strings.Contains(pg.Message, "pg_trgm") {
			return fmt.Sprintf("PostgreSQL at %s lacks the extension pg_trgm", server),
				"install it there; it comes with the package postgresql-contrib"
		}
	case notAllowed:
		if strings.Contains(pg.Message, "pg_trgm") {
			return fmt.Sprintf("the user %q may not create the extension pg_trgm", c.User),
				fmt.Sprintf("let an administrator run CREATE EXTENSION pg_trgm in the database %q", c.Database)
		}
		return fmt.Sprintf("the user %q lacks a right in the database %q (%s)", c.User, c.Database, pg.Message),
			fmt.Sprintf("make this user the owner of the database %q", c.Database)
	}
	return "", ""
}

// silence says why nothing answers, without addresses.
func silence(err error) string {
	timeout, ok := errors.AsType[net.Error](err)
	dns, unnamed := errors.AsType[*net.DNSError](err)
	switch {
	case unnamed:
		return fmt.Sprintf("no host %q is known", dns.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no socket"
	case errors.Is(err, fs.ErrPermission):
		return "no permission to reach it"
	case errors.Is(err, os.ErrDeadlineExceeded), ok && timeout.Timeout():
		return "no answer in time"
	}
	return "the connection broke"
}

// clusterMend says what to do about a private cluster that does not start.
func clusterMend(err error) string {
	switch {
	case errors.Is(err, embedded.ErrNoPrograms):
		return "install them as said above, or set DATABASE_URL"
	case errors.Is(err, embedded.ErrNoTrigrams):
		return "install that package, or set DATABASE_URL"
	case errors.Is(err, embedded.ErrNoDir):
		return "set FUNNELBOT_DATA or --data to a folder"
	case errors.Is(err, embedded.ErrInUse):
		return "end the other process, or use another folder with FUNNELBOT_DATA or --data"
	case errors.Is(err, embedded.ErrLocale), errors.Is(err, postgres.ErrLocale):
		return "use a new folder with FUNNELBOT_DATA or --data, and restore a backup into it"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR),
		errors.Is(err, fs.ErrExist), errors.Is(err, syscall.EROFS):
		return "set FUNNELBOT_DATA or --data to a folder that you may write"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "make room on the disk, or set FUNNELBOT_DATA or --data to a folder on another one"
	}
	return "see the server's log in the data folder; with DATABASE_URL another server is used"
}
