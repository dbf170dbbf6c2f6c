//go:build unix

// Package embedded runs a private PostgreSQL cluster for a program that was
// given no server: it finds PostgreSQL's programs, creates a cluster under the
// data folder, listens on a Unix socket nobody else may open, shares a running
// cluster between processes and brings it back after a crash.
package embedded

import (
	"cmp"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
)

// Config says where a private cluster lives and how it is run. Dir is needed
// unless Ephemeral is set; everything else has a useful zero value.
type Config struct {
	// Dir is the data folder. The cluster takes the folder "postgres" in it
	// and leaves the rest alone.
	Dir string
	// Log is told what happens to the cluster; nil means nobody is.
	Log *slog.Logger
	// Ephemeral makes a cluster in a temporary folder that is gone when Close
	// returns or the process ends, however it ends. Dir is not used, nothing
	// is synced to disk.
	Ephemeral bool
	// BinDir is the one folder where PostgreSQL's programs are looked for;
	// empty means PATH and the usual folders of the common systems.
	BinDir string
	// NoNamespaces forbids running the server in a user namespace when the
	// process is root; it then runs under an unprivileged account.
	NoNamespaces bool
	// Env reads the environment: PATH, and XDG_RUNTIME_DIR and TMPDIR for the
	// socket where the data folder's path is too long for one. Nil means the
	// process's own.
	Env func(string) string
	// Settings are further server settings, stronger than the built-in ones.
	Settings map[string]string

	// refuge is where a cluster goes whose data folder the server's account
	// cannot reach; empty means refugeDir.
	refuge string
}

func (cfg Config) withDefaults() Config {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Env == nil {
		cfg.Env = os.Getenv
	}
	cfg.refuge = cmp.Or(cfg.refuge, refugeDir)
	return cfg
}

// refugeDir holds the clusters of root whose data folder an unprivileged
// account cannot reach.
const refugeDir = "/var/lib/funnelbot"

// DefaultDir is the data folder of this user: FUNNELBOT_DATA when set, else
// the place the system gives to a user's data. It only names the folder; Start
// creates it. The error is ErrNoDir when the environment names no home.
func DefaultDir(env func(string) string) (string, error) {
	if dir := env("FUNNELBOT_DATA"); dir != "" {
		return filepath.Abs(dir)
	}
	if dir := env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "funnelbot"), nil
	}
	home := env("HOME")
	switch {
	case !filepath.IsAbs(home):
		return "", ErrNoDir
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "funnelbot"), nil
	default:
		return filepath.Join(home, ".local", "share", "funnelbot"), nil
	}
}
