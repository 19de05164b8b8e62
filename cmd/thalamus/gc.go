// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// allocateBallast allocates a GC ballast, and keeps it until free is called. It is never
// written to, so it takes no memory of the machine, but it counts as in use: a server has
// some five megabytes in use and makes garbage with every request; with the ballast the
// collector runs after each thirty megabytes and not after each five. GOGC and GOMEMLIMIT
// hold as Go reads them; the ballast counts.
func allocateBallast() (free func()) {
	ballast := make([]byte, 28<<20)
	return func() { runtime.KeepAlive(ballast) }
}

// collectMore makes the collector run more often: for commands that move much and have
// little in use. GOGC overrides it.
func collectMore() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}
