package local

import "time"

// maxLine is the longest line in characters, the same that package commands reads (MaxLine there).
// It is refused here already so that a line without end is never kept in memory.
const maxLine = 16000

// How wide messages get. Lines of more than 100 cells are hard to read on any screen, and below
// 20 nothing lines up any more.
const (
	maxWidth = 100
	minWidth = 20
)

// minCell is how narrow a column of a table may become before its rows are shown one field a
// line instead.
const minCell = 8

// maxLabel is the widest label of a field that others are aligned with.
const maxLabel = 24

// keptPresses is how many buttons of notices can still be pressed.
const keptPresses = 200

// The history of typed lines: as many as liner keeps, and none that is longer than its reader
// takes (github.com/peterh/liner, common.go: HistoryLimit and bufio's 4,096 bytes).
const (
	historyLines = 1000
	historyLine  = 2000
)

// completeWait is how long a person waits for suggestions after pressing Tab.
const completeWait = 300 * time.Millisecond

// humanPause is the least time between a question and an answer by hand. An empty line that
// comes sooner is the rest of something pasted and accepts nothing.
const humanPause = 50 * time.Millisecond
