package local

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
)

// history is the file of typed lines. It is a convenience: where it cannot be read or written,
// the conversation goes on without it.
type history struct {
	lines []string
	file  *os.File
}

// openHistory reads the last lines and makes ready to add to them. Lines are added one by one, so
// that they survive a kill and several terminals can share the file.
func openHistory(folder string) *history {
	h := &history{}
	if folder == "" || os.MkdirAll(folder, 0o700) != nil {
		return h
	}
	path := filepath.Join(folder, "history")
	data, _ := os.ReadFile(path) // there may be none yet
	scanner := bufio.NewScanner(strings.NewReader(string(data)))
	total := 0
	for scanner.Scan() {
		total++
		if line := typed(scanner.Text()); line != "" && len(line) <= historyLine {
			h.lines = append(h.lines, line)
		}
	}
	h.lines = h.lines[max(len(h.lines)-historyLines, 0):]
	flags := os.O_APPEND | os.O_CREATE | os.O_WRONLY
	if total > 2*historyLines {
		flags |= os.O_TRUNC
	}
	file, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return h
	}
	h.file = file
	if total > 2*historyLines {
		for _, line := range h.lines {
			h.add(line)
		}
	}
	return h
}

func (h *history) add(line string) {
	if h.file != nil {
		_, _ = h.file.WriteString(line + "\n")
	}
}

func (h *history) close() {
	if h.file != nil {
		_ = h.file.Close()
	}
}
