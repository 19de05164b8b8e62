// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"context"
	"sync"
	"time"
)

// Hear has the hub's database hear of changed accounts and new statements until the test ends, as that of the
// program does, and returns when it hears. Without it everybody counts as somebody about whom there are statements.
func (h *Hub) Hear() {
	ctx, cancel := context.WithCancel(context.Background())
	heard := make(hearing, 1)
	var watching sync.WaitGroup
	watching.Go(func() { h.DB.WatchAccounts(ctx, heard, func(error) {}) })
	h.T.Cleanup(func() {
		cancel()
		watching.Wait()
	})
	<-heard
}

// hearing has a value once the first heartbeat was heard.
type hearing chan struct{}

func (hearing) Changed(string) {}
func (hearing) Disconnected()  {}

func (h hearing) Confirmed(time.Time) {
	select {
	case h <- struct{}{}:
	default:
	}
}
