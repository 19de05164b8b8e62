// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"syscall"
	"time"
)

const longestAway = 3 * time.Second // until what was killed is started again

// harms are the accidents that come by chance: one after the other, all kinds equally often.
type harms struct {
	site   *site
	calm   time.Duration
	chance *rand.Rand
	count  map[string]int
	failed error // why there are no more
}

// harm is one kind of accident, and what brings things into order again.
type harm struct {
	name         string
	does, undoes func(context.Context) error
}

func (s *soak) newHarms() *harms {
	return &harms{site: s.site, calm: s.calm, chance: s.chance("harms", 0), count: map[string]int{}}
}

func (h *harms) kinds() []harm {
	s := h.site
	crash := func(sig syscall.Signal) func(context.Context) error {
		return func(context.Context) error { return s.crash(sig) }
	}
	startHub := func(ctx context.Context) error { return s.mortal.start(ctx) }

	return []harm{
		{"hub killed", func(context.Context) error { return s.mortal.kill() }, startHub},
		{"database shut down at once", crash(syscall.SIGQUIT), s.startPostgres},
		{"hub stopped", func(context.Context) error { return s.mortal.end() }, startHub},
		{"database killed", crash(syscall.SIGKILL), s.startPostgres},
		{"connections ended", s.endConnections, func(context.Context) error { return nil }},
	}
}

// run does harm until ctx ends. All is in order then.
func (h *harms) run(ctx context.Context) {
	whole := context.WithoutCancel(ctx)
	for ctx.Err() == nil && h.failed == nil {
		kinds := h.kinds()
		for _, i := range h.chance.Perm(len(kinds)) {
			pause(ctx, h.calm/2+time.Duration(h.chance.Int64N(int64(h.calm))))
			if ctx.Err() != nil || h.failed != nil {
				return
			}
			h.failed = h.do(whole, kinds[i])
		}
	}
}

// do does one harm, and undoes it after a while.
func (h *harms) do(ctx context.Context, one harm) error {
	h.site.mu.Lock()
	defer h.site.mu.Unlock()

	h.count[one.name]++
	fmt.Fprintln(os.Stderr, "      ", one.name)
	err := one.does(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", one.name, err)
	}

	pause(ctx, time.Duration(h.chance.Int64N(int64(longestAway))))
	err = one.undoes(ctx)
	if err != nil {
		return fmt.Errorf("after %s: %w", one.name, err)
	}
	return nil
}

// endConnections ends all connections to the database, as a firewall does that forgets them.
func (s *site) endConnections(ctx context.Context) error {
	admin, err := s.connectLocked(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close(ctx) }() // nothing is lost with it

	_, err = admin.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`)
	return err
}
