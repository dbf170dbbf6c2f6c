//go:build unix && !darwin

package embedded

const usualData = ".local/share"
