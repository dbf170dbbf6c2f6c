//go:build unix

package embedded

import (
	"os"
	"path/filepath"
	"strings"
)

// longestLog is the most a day's log may hold, in bytes, when the server is
// started; a longer one is begun anew. The server itself keeps seven files and
// overwrites the oldest, but appends to a day's file as often as it starts.
const longestLog = 8 << 20

// trimLogs removes logs that have grown too long.
func (p place) trimLogs() error {
	paths, err := filepath.Glob(filepath.Join(p.logs(), "*.log"))
	if err != nil {
		return nil //nolint:nilerr // the folder's name is no pattern, so its logs cannot be listed
	}
	for _, path := range paths {
		if info, err := os.Lstat(path); err != nil || info.Size() <= longestLog {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// lastWords is what the server wrote last, before it opened its log and after.
func (p place) lastWords() string {
	var b strings.Builder
	if text, err := os.ReadFile(p.startLog()); err == nil {
		b.Write(text)
	}
	if path := p.newestLog(); path != "" {
		if text, err := os.ReadFile(path); err == nil {
			b.Write(text)
		}
	}
	return lastLines(b.String())
}

func (p place) newestLog() string {
	entries, err := os.ReadDir(p.logs())
	if err != nil {
		return ""
	}
	var newest os.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && (newest == nil || info.ModTime().After(newest.ModTime())) {
			newest = info
		}
	}
	if newest == nil {
		return ""
	}
	return filepath.Join(p.logs(), newest.Name())
}

// lastLines is the end of a program's output, as much as an error can carry.
func lastLines(out string) string {
	const most = 1000
	out = strings.TrimSpace(out)
	if len(out) > most {
		out = strings.ToValidUTF8(out[len(out)-most:], "")
	}
	return out
}
