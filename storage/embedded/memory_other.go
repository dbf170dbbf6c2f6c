//go:build unix && !linux

package embedded

// memoryFolders are where files live in memory; this system promises none.
func memoryFolders() []string { return nil }
