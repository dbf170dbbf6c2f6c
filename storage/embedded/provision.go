//go:build unix

package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	admin    = "postgres"  // superuser, used here only
	role     = "funnelbot" // owner of the database, without privileges beyond it
	database = "funnelbot"

	// defaultPort is only part of the socket's name: no cluster of ours
	// listens to the network unless a test asks for it.
	defaultPort = "5432"
)

// dsn is the address of a database of the cluster, complete enough that what
// the environment says of another server, PGOPTIONS and the like, has no say.
func (c *Cluster) dsn(user, name string) string {
	port := cmp.Or(c.cfg.Settings["port"], defaultPort)
	q := url.Values{
		"host": {c.place.sockets}, "port": {port}, "sslmode": {"disable"},
		"options": {""}, "target_session_attrs": {"any"}, "channel_binding": {"disable"},
	}
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + name, RawQuery: q.Encode()}
	return u.String()
}

// provision proves the locale and makes what the cluster must hold, all of it
// only where it is missing.
func (c *Cluster) provision(ctx context.Context) error {
	err := c.withConn(ctx, role, database, c.prove)
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) || (pgErr.Code != "3D000" && pgErr.Code != "28000") {
		// Neither invalid_catalog_name nor, when even the role is missing,
		// invalid_authorization_specification.
		return err
	}
	err = c.withConn(ctx, admin, admin, func(ctx context.Context, conn *pgx.Conn) error {
		if err := proveLower(ctx, conn); err != nil {
			return err
		}
		return makeDatabase(ctx, conn)
	})
	if err != nil {
		return err
	}
	return c.withConn(ctx, role, database, c.prove)
}

// withConn runs fn on a connection of the user to a database.
func (c *Cluster) withConn(ctx context.Context, user, name string, fn func(context.Context, *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.dsn(user, name))
	if err != nil {
		return fmt.Errorf("connect to the private cluster: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return fn(ctx, conn)
}

func makeDatabase(ctx context.Context, conn *pgx.Conn) error {
	const hasRole = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`
	var has bool
	if err := conn.QueryRow(ctx, hasRole, role).Scan(&has); err != nil {
		return fmt.Errorf("look for the role: %w", err)
	}
	if !has {
		if _, err := conn.Exec(ctx, `CREATE ROLE `+role+` LOGIN`); err != nil {
			return fmt.Errorf("create the role: %w", err)
		}
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+database+` OWNER `+role); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// proveLower refuses a cluster that cannot fold Cyrillic letters. Names of
// locales promise nothing, so the behaviour is asked.
func proveLower(ctx context.Context, conn *pgx.Conn) error {
	var encoding, lower string
	if err := conn.QueryRow(ctx, `SELECT getdatabaseencoding(), lower('Ж')`).Scan(&encoding, &lower); err != nil {
		return fmt.Errorf("try the cluster's locale: %w", err)
	}
	if encoding != "UTF8" || lower != "ж" {
		return fmt.Errorf("%w: its encoding is %s and lower('Ж') is %q, so search would not find Russian names; "+
			"move the data folder away to begin anew, or set DATABASE_URL to a server with a UTF-8 locale",
			ErrLocale, encoding, lower)
	}
	return nil
}

// prove refuses a database without working trigrams for Cyrillic, after
// installing them where they are missing. It works as the database's owner,
// who may install them, so that a restore may do it again.
func (c *Cluster) prove(ctx context.Context, conn *pgx.Conn) error {
	if err := proveLower(ctx, conn); err != nil {
		return err
	}
	var has bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')`).Scan(&has); err != nil {
		return fmt.Errorf("look for pg_trgm: %w", err)
	}
	if !has {
		_, err := conn.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS pg_trgm`)
		var pgErr *pgconn.PgError
		// undefined_file until PostgreSQL 14, feature_not_supported since.
		if errors.As(err, &pgErr) && (pgErr.Code == "58P01" || pgErr.Code == "0A000") {
			return fmt.Errorf("%w (programs in %s)", ErrNoTrigrams, c.programs.Dir)
		}
		if err != nil {
			return fmt.Errorf("create the extension pg_trgm: %w", err)
		}
	}
	var alike float64
	if err := conn.QueryRow(ctx, `SELECT similarity('РОМАШКА', 'ромашка')`).Scan(&alike); err != nil {
		return fmt.Errorf("try pg_trgm: %w", err)
	}
	if alike != 1 {
		return fmt.Errorf("%w: pg_trgm finds РОМАШКА and ромашка alike by %.2f, not 1", ErrLocale, alike)
	}
	return nil
}
