//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// account is who the server runs as. PostgreSQL refuses root, so root lends
// itself another face: a user namespace in which it carries another number, or
// a real unprivileged account.
type account struct {
	uid, gid int
	// borrowed is set when the process must become uid and gid to run the server.
	borrowed bool
	// namespace is set when the server runs as root in a user namespace where
	// root bears the numbers uid and gid. Files then belong to root.
	namespace bool
}

// chooseAccount decides who runs the cluster in dir, which must exist. Root
// runs a folder that belongs to somebody else as its owner; its own in a
// namespace where that is allowed; else as the unprivileged account.
func chooseAccount(ctx context.Context, dir string, noNamespaces bool) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return account{}, fmt.Errorf("look at the data folder: %w", err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
		return account{uid: int(st.Uid), gid: int(st.Gid), borrowed: true}, nil
	}
	a, err := unprivileged()
	if err != nil {
		return account{}, err
	}
	if namespacesExist && !noNamespaces {
		if inside := (account{uid: a.uid, gid: a.gid, namespace: true}); inside.works(ctx) {
			return inside, nil
		}
	}
	if !a.works(ctx) {
		return account{}, errors.New("PostgreSQL does not run as root, and this root may neither make a user namespace " +
			"nor become another account: run funnelbot as an ordinary user, or set DATABASE_URL to a server")
	}
	return a, nil
}

// unprivileged is the system's account for PostgreSQL, or for nobody.
func unprivileged() (account, error) {
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil || uid == 0 {
			continue
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			continue
		}
		return account{uid: uid, gid: gid, borrowed: true}, nil
	}
	return account{}, errors.New("PostgreSQL does not run as root and this system has no account postgres or nobody: " +
		"run funnelbot as an ordinary user")
}

// command prepares a program to run as the account, in dir, away from our
// terminal so that Ctrl-C reaches us and not the server.
func (a account) command(ctx context.Context, dir, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = cleanEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	switch {
	case a.namespace:
		enterNamespace(cmd.SysProcAttr, a)
	case a.borrowed:
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)} //nolint:gosec // ids came from the kernel
	}
	return cmd
}

// works tells whether a program can be run as the account at all.
func (a account) works(ctx context.Context) bool {
	return a.command(ctx, "/", "/bin/sh", "-c", "exit 0").Run() == nil
}

// reaches tells whether the account can enter dir and write there. It is tried
// rather than computed: modes, ACLs and mounts all have a say.
func (a account) reaches(ctx context.Context, dir string) bool {
	return a.command(ctx, "/", "/bin/sh", "-c", `cd "$1" && test -w .`, "sh", dir).Run() == nil
}

// own gives a file or folder of ours to the account.
func (a account) own(path string) error {
	if !a.borrowed {
		return nil
	}
	if err := os.Lchown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("give the file to the server's account: %w", err)
	}
	return nil
}

// ownAll gives a whole folder to the account, the top last: until then an
// interrupted run is seen as not done.
func (a account) ownAll(dir string) error {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		return fmt.Errorf("list the cluster's files: %w", err)
	}
	for _, path := range slices.Backward(paths) {
		if err := a.own(path); err != nil {
			return err
		}
	}
	return nil
}
