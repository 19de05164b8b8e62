// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"math"
	"runtime"
	"testing"

	"thalamus/internal/config"
)

func TestMemoryIsWhatIsConfiguredOrAQuarterOfTheLimit(t *testing.T) {
	const mib, none = 1 << 20, math.MaxInt64
	for _, c := range []struct{ memory, body, limit, want int64 }{
		{0, 8 * mib, none, 256 * mib},
		{0, 8 * mib, 2048 * mib, 512 * mib},
		{0, 8 * mib, 100 * mib, 64 * mib}, // eight bodies
		{0, 64 * mib, none, 512 * mib},
		{99 * mib, 8 * mib, 2048 * mib, 99 * mib},
	} {
		server := config.Server{Memory: config.Size(c.memory), MaxBody: config.Size(c.body)}
		if got := memory(server, c.limit); got != c.want {
			t.Errorf("%+v: got %d", c, got)
		}
	}
}

func TestLoginWorkersAreWhatIsConfiguredOrLeaveACore(t *testing.T) {
	for configured, want := range map[int]int{0: max(1, runtime.GOMAXPROCS(0)-1), 1: 1, 7: 7} {
		if got := workers(config.Login{Workers: configured}); got != want {
			t.Errorf("%d configured: got %d, want %d", configured, got, want)
		}
	}
}
