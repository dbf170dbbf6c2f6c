//go:build !linux

package main

import "time"

// doze waits as exactly as this system lets it: between the requests of a load that is held at a rate
// there is nothing to wait for but the time.
func doze(d time.Duration) { time.Sleep(d) }
