// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"testing"
	"time"
)

// patience is how long Await waits.
const patience = time.Minute

// Await returns when a condition holds that nothing announces; what names it.
func Await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()

	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("this never came: ", what)
		}
	}
}
