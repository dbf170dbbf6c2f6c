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
	"strconv"
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

func (p place) data() string     { return filepath.Join(p.base, "data") }
func (p place) newData() string  { return filepath.Join(p.base, "data.new") }
func (p place) logs() string     { return filepath.Join(p.base, "log") }
func (p place) startLog() string { return filepath.Join(p.base, "start.log") }
func (p place) pidFile() string  { return filepath.Join(p.data(), "postmaster.pid") }
func (p place) pointer() string  { return filepath.Join(p.home, "location") }

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
// remembers that. The start lock must be held and no server be running.
func settle(ctx context.Context, home, refuge string, noNamespaces bool) (place, account, error) {
	p := place{home: home, base: home}
	where, err := os.ReadFile(p.pointer())
	switch {
	case err == nil:
		p.base = string(where)
		if filepath.Dir(p.base) != refuge {
			return place{}, account{}, fmt.Errorf("%s names %q, which is not in %s", p.pointer(), p.base, refuge)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return place{}, account{}, fmt.Errorf("find the cluster: %w", err)
	}
	a, err := chooseAccount(ctx, p.base, noNamespaces)
	if err != nil || !a.borrowed || ownerOf(p.base).uid == a.uid {
		return p, a, err
	}
	// Root's own folder, and root may not run a server in it as itself.
	if err := a.ownAll(p.base); err != nil {
		return place{}, account{}, err
	}
	if a.reaches(ctx, p.base) {
		return p, a, nil
	}
	p, err = p.retreat(refuge, a)
	return p, a, err
}

// retreat moves a cluster the account cannot reach out of its home.
func (p place) retreat(refuge string, a account) (place, error) {
	fail := func(err error) (place, error) {
		return place{}, fmt.Errorf("the data folder cannot be reached by the account that runs PostgreSQL, "+
			"and neither can the cluster be kept elsewhere; set FUNNELBOT_DATA to a folder outside root's home: %w", err)
	}
	if err := os.MkdirAll(refuge, 0o711); err != nil {
		return fail(err)
	}
	base, err := os.MkdirTemp(refuge, "cluster-")
	if err != nil {
		return fail(err)
	}
	if err := a.own(base); err != nil {
		return fail(err)
	}
	to := place{home: p.home, base: base}
	if err := os.Rename(p.data(), to.data()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(errors.Join(err, os.Remove(base)))
	}
	if err := os.WriteFile(p.pointer()+".new", []byte(base), 0o600); err != nil {
		return fail(err)
	}
	if err := os.Rename(p.pointer()+".new", p.pointer()); err != nil {
		return fail(err)
	}
	return to, nil
}

// chooseSockets makes the folder for the server's socket: in the cluster's own
// folder where the path is short enough and the file system can hold sockets,
// else in the user's runtime folder.
func (p place) chooseSockets(ctx context.Context, a account) (string, error) {
	sum := sha256.Sum256([]byte(p.base))
	name := fmt.Sprintf("funnelbot-%s-%x", strconv.Itoa(os.Geteuid()), sum[:5])
	candidates := []string{filepath.Join(p.base, "run")}
	for _, dir := range []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp"} {
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
