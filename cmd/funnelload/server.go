package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// spent is what each process of the database server has taken of the processors, by number. It is
// empty where the server is on another machine or the system does not tell.
func (p *preparation) spent(ctx context.Context) map[int]time.Duration {
	all := map[int]time.Duration{}
	rows, _ := p.pool.Query(ctx, "SELECT pid FROM pg_stat_activity") // its error comes with the rows
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return all
	}
	for _, pid := range pids {
		dir := "/proc/" + strconv.Itoa(pid)
		// The number may be that of another program here.
		if name, err := os.ReadFile(dir + "/comm"); err == nil && strings.HasPrefix(string(name), "postgres") {
			all[pid] = spentBy(dir)
		}
	}
	return all
}

// since adds up what was taken between two looks. A connection that was closed in between is left out.
func since(before, after map[int]time.Duration) (all time.Duration) {
	for pid, taken := range after {
		all += taken - before[pid]
	}
	return all
}

// spentBy reads what a process has taken of the processors with all its threads
// (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
func spentBy(dir string) time.Duration {
	stat, err := os.ReadFile(dir + "/stat")
	if err != nil {
		return 0
	}
	// Its name, which may hold anything, stands in brackets.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) <= 12 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick
}
