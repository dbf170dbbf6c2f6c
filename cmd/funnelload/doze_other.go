//go:build !linux

package main

import "time"

// doze waits as exactly as this system lets it.
func doze(d time.Duration) { time.Sleep(d) }
