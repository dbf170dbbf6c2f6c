//go:build unix

package embedded

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version the schema works on.
const oldest = 15

// usualFolders are where the packages of Debian, Red Hat, Alpine, Homebrew
// (Apple silicon, Intel, Linux), Postgres.app and SUSE put the server's
// programs, none of which are in PATH there.
func usualFolders() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/libexec/postgresql*",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/lib/postgresql*/bin",
		"/usr/local/pgsql/bin",
	}
}

// Programs is one installation of PostgreSQL's programs.
type Programs struct {
	// Dir is the folder that holds them.
	Dir string
	// Version is what the server calls itself, such as "17.5".
	Version string
	// Major is the leading number of Version.
	Major int
}

// FindPrograms returns every installation of PostgreSQL 15 or newer, newest
// first. It looks in binDir alone when that is given, else along path (a PATH
// list) and in the usual folders. When none serves the error is ErrNoPrograms
// and names the package for each system.
func FindPrograms(ctx context.Context, binDir, path string) ([]Programs, error) {
	if binDir != "" {
		return findIn(ctx, []string{binDir}, []string{binDir})
	}
	return findIn(ctx, append([]string{"PATH"}, usualFolders()...), append(filepath.SplitList(path), usualFolders()...))
}

// findIn is FindPrograms over folder patterns; looked names them for people.
func findIn(ctx context.Context, looked, patterns []string) ([]Programs, error) {
	var found []Programs
	var useless []string
	seen := map[string]bool{}
	for _, pattern := range patterns {
		dirs, err := filepath.Glob(pattern)
		if err != nil { // a folder in PATH with a broken pattern in its name
			continue
		}
		for _, dir := range dirs {
			real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
			if err != nil || !filepath.IsAbs(dir) || seen[real] {
				continue
			}
			seen[real] = true
			// What stands in PATH is often a link; the other programs are where
			// it leads.
			p, reason := inspect(ctx, filepath.Dir(real))
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("look for PostgreSQL's programs: %w", err)
			}
			if reason != "" {
				useless = append(useless, dir+" ("+reason+")")
				continue
			}
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return nil, missing(fmt.Sprintf("PostgreSQL %d or newer", oldest), looked, useless)
	}
	slices.SortStableFunc(found, func(a, b Programs) int { return cmp.Compare(b.Major, a.Major) })
	return found, nil
}

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) ((\d+)\S*)`)

// inspect asks the server program in dir for its version; reason says why the
// folder is of no use.
func inspect(ctx context.Context, dir string) (p Programs, reason string) {
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version") //nolint:gosec // programs in PATH are the user's choice
	cmd.Env = cleanEnv()
	out, err := cmd.Output()
	if err != nil {
		return Programs{}, "postgres --version: " + err.Error()
	}
	m := versionLine.FindStringSubmatch(string(out))
	if m == nil {
		return Programs{}, "it calls itself " + strings.TrimSpace(string(out))
	}
	major, err := strconv.Atoi(m[2])
	if err != nil || major < oldest {
		return Programs{}, "version " + m[1] + " is too old"
	}
	p = Programs{Dir: dir, Version: m[1], Major: major}
	if _, err := p.Path("initdb"); err != nil {
		return Programs{}, "it has no initdb"
	}
	return p, ""
}

// Path returns the path of one of the programs, such as pg_dump, which some
// systems package apart from the server; the error is then ErrNoPrograms.
func (p Programs) Path(name string) (string, error) {
	path := filepath.Join(p.Dir, name)
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		return "", missing(fmt.Sprintf("%s of PostgreSQL %d", name, p.Major), []string{p.Dir}, nil)
	}
	return path, nil
}

// pick chooses the programs for a cluster: those of its own major version, or
// the newest when it is still to be created (major 0).
func pick(found []Programs, major int) (Programs, error) {
	if major == 0 {
		return found[0], nil
	}
	for _, p := range found {
		if p.Major == major {
			return p, nil
		}
	}
	have := make([]string, 0, len(found))
	for _, p := range found {
		have = append(have, p.Dir+" (version "+p.Version+"; the cluster was made by another and cannot be read by it)")
	}
	return Programs{}, missing(fmt.Sprintf("PostgreSQL %d", major), []string{"PATH", "the usual folders"}, have)
}

// cleanEnv is the environment the programs get: nothing of ours, so that no
// PGDATA, PGPORT or language of the caller reaches them.
func cleanEnv() []string {
	env := []string{"LC_ALL=C", "TZ=UTC", "PATH=/usr/bin:/bin:/usr/sbin:/sbin"}
	// What a dynamic linker was told to find the programs' libraries must stay.
	for _, name := range []string{"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}
