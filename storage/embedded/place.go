//go:build unix

package embedded

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// place is where a cluster's files are. home is in the data folder and holds
// the locks; base holds the cluster, and is home unless the server's account
// cannot reach it.
type place struct {
	home, base string
	// sockets is the folder of the server's socket, known once it is to start.
	sockets string
}

func (p place) data() string            { return filepath.Join(p.base, "data") }
func (p place) newData() string         { return filepath.Join(p.base, "data.new") }
func (p place) logs() string            { return filepath.Join(p.base, "log") }
func (p place) startLog() string        { return filepath.Join(p.base, "start.log") }
func (p place) pidFile() string         { return filepath.Join(p.data(), "postmaster.pid") }
func (p place) whereabouts() string     { return filepath.Join(p.home, "whereabouts") }
func (p place) lock(name string) string { return filepath.Join(p.home, name+".lock") }
func (p place) pointer() string         { return filepath.Join(p.home, "elsewhere") }

// maxSocketPath is the longest path a server can listen on: sun_path holds 108
// bytes on Linux and 104 elsewhere, with the closing zero.
const maxSocketPath = 103

// socketName is the longest file name PostgreSQL gives to its socket.
const socketName = ".s.PGSQL.65535"

// makeHome creates the data folder and the cluster's folder in it. Where root
// works in the folder of somebody else, what it makes belongs to them.
func makeHome(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("data folder %q: %w", dir, err)
	}
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711 // the unprivileged account must come through to its own folder
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return "", fmt.Errorf("create the data folder: %w", err)
	}
	home := filepath.Join(dir, "postgres")
	switch err := os.Mkdir(home, 0o700); {
	case errors.Is(err, fs.ErrExist):
		return home, nil
	case err != nil:
		return "", fmt.Errorf("create the cluster's folder: %w", err)
	}
	return home, ownerOf(dir).own(home)
}

// ownerOf is the account a path belongs to, as root would have to borrow it.
func ownerOf(path string) account {
	info, err := os.Lstat(path)
	if err != nil {
		return account{}
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}
	}
	return account{uid: int(st.Uid), gid: int(st.Gid), borrowed: os.Geteuid() == 0 && st.Uid != 0}
}

// settle finds the cluster of home and who is to run it. Where that account
// cannot reach home, the cluster is made in, or moved to, the refuge, and home
// points there. The start lock must be held.
func settle(ctx context.Context, home, refuge string, noNamespaces bool) (place, account, error) {
	p := place{home: home, base: home}
	where, err := os.Readlink(p.pointer())
	switch {
	case err == nil && filepath.Dir(where) != refuge:
		return place{}, account{}, fmt.Errorf("%s points to %s, which is not in %s", p.pointer(), where, refuge)
	case err == nil:
		p.base = where
		if err := p.moveIn(); err != nil {
			return place{}, account{}, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return place{}, account{}, fmt.Errorf("find the cluster: %w", err)
	}
	a, err := chooseAccount(ctx, p.base, noNamespaces)
	if err != nil || !a.borrowed || ownerOf(p.base).uid == a.uid {
		return p, a, err
	}
	// The folder is root's own, and root may not run a server in it as itself.
	if f, ok, err := readPidFile(p.pidFile()); err != nil || ok && running(f.pid, p.data()) {
		return p, a, err // unless one runs: then it is only joined
	}
	if err := a.ownAll(p.base); err != nil {
		return place{}, account{}, err
	}
	if a.reaches(ctx, p.base) {
		return p, a, nil
	}
	p, err = p.retreat(ctx, refuge, a)
	return p, a, err
}

// retreat makes a cluster its place in the refuge. Home points there before
// anything is moved, so an interrupted move is finished by the next start.
func (p place) retreat(ctx context.Context, refuge string, a account) (place, error) {
	fail := func(err error) (place, error) {
		return place{}, fmt.Errorf("the data folder cannot be reached by the account that runs PostgreSQL, "+
			"and the cluster cannot be kept elsewhere; set FUNNELBOT_DATA to a folder outside root's home: %w", err)
	}
	//nolint:gosec // the account must come through; each cluster's own folder is closed
	if err := os.MkdirAll(refuge, 0o711); err != nil {
		return fail(err)
	}
	base, err := os.MkdirTemp(refuge, "cluster-")
	if err != nil {
		return fail(err)
	}
	to := place{home: p.home, base: base}
	if err := a.own(base); err != nil {
		return fail(err)
	}
	if !a.reaches(ctx, base) {
		return fail(errors.Join(fmt.Errorf("%s is out of its reach too", base), os.Remove(base)))
	}
	if err := os.Symlink(base, p.pointer()); err != nil {
		return fail(err)
	}
	if err := to.moveIn(); err != nil {
		return fail(errors.Join(err, os.Remove(p.pointer()), os.Remove(base)))
	}
	return to, nil
}

// moveIn brings the cluster's files from its home to its base.
func (p place) moveIn() error {
	from := place{home: p.home, base: p.home}
	err := os.Rename(from.data(), p.data())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move the cluster to where its server can reach it: %w", err)
	}
	return nil
}

// runtimePrefix begins the name of a socket's folder outside its cluster.
const runtimePrefix = "funnelbot-run-"

func isRuntime(dir string) bool { return strings.HasPrefix(filepath.Base(dir), runtimePrefix) }

// runtimeFolders are short folders for sockets, the user's own first.
func (c *Cluster) runtimeFolders() []string {
	return []string{c.cfg.Env("XDG_RUNTIME_DIR"), c.cfg.Env("TMPDIR"), "/tmp", "/var/tmp"}
}

// record writes down where the server of this cluster is about to run.
func (p place) record(owner account) error {
	if err := os.WriteFile(p.whereabouts(), []byte(here()), 0o600); err != nil {
		return fmt.Errorf("record where the server runs: %w", err)
	}
	return owner.own(p.whereabouts())
}

// chooseSockets makes the folder for the server's socket: in the cluster's own
// folder where the path is short enough and the file system can hold sockets,
// else in the user's runtime folder.
func (p place) chooseSockets(ctx context.Context, runtime []string, a account) (string, error) {
	sum := sha256.Sum256([]byte(p.base))
	name := fmt.Sprintf("%s%d-%x", runtimePrefix, os.Geteuid(), sum[:5])
	candidates := []string{filepath.Join(p.base, "run")}
	for _, dir := range runtime {
		if filepath.IsAbs(dir) {
			candidates = append(candidates, filepath.Join(dir, name))
		}
	}
	var reasons []error
	for _, dir := range candidates {
		err := useSockets(ctx, dir, a)
		if err == nil {
			return dir, nil
		}
		reasons = append(reasons, err)
	}
	return "", fmt.Errorf("no folder for the server's socket: %w", errors.Join(reasons...))
}

// useSockets makes dir a folder only the account can enter and tries a socket
// in it.
func useSockets(ctx context.Context, dir string, a account) error {
	path := filepath.Join(dir, socketName)
	if len(path) > maxSocketPath || strings.ContainsAny(path, `,"\`) {
		return fmt.Errorf("%s: too long, or with letters a socket's path may not have", path)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	// Somebody else may have been first in a folder open to all.
	owner := ownerOf(dir)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || (owner.uid != os.Geteuid() && owner.uid != a.uid) {
		return fmt.Errorf("%s: not a private folder of this user", dir)
	}
	if err := a.own(dir); err != nil {
		return err
	}
	if !a.reaches(ctx, dir) {
		return fmt.Errorf("%s: out of reach of the server's account", dir)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", filepath.Join(dir, "try.sock"))
	if err != nil {
		return err
	}
	return l.Close()
}
