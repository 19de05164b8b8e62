// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"
)

// measureCrowd lets many accounts log in at once on a server that has just
// started. The arithmetic is that of one comparison at a time on each worker.
func measureCrowd(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Everybody at once after a start", Of: "accounts",
		Columns: []column{
			{"workers", 0, ""}, {"arithmetic s", 1, ""}, {"median s", 1, "less"}, {"slowest s", 1, "less"},
			{"ratio", 2, "less"}, {"refused", 0, "less"},
		},
		Notes: []string{"A comparison alone is timed before and after; on a machine that others use, it takes longer meanwhile."},
	}
	before, err := timeBcrypt()
	if err != nil {
		return t, err
	}
	server, err := b.serve(ctx)
	if err != nil {
		return t, err
	}
	took, refused, err := crowdIn(ctx, server.address, b.crowd)
	if err != nil {
		return t, err
	}
	after, err := timeBcrypt()
	if err != nil {
		return t, err
	}
	workers := max(1, runtime.NumCPU()-1) // the server's default
	arithmetic := float64(b.crowd) * (before + after) / 2 / 1000 / float64(workers)
	slowest := slices.Max(took)
	t.add(fmt.Sprint(b.crowd), number(workers), number(arithmetic), number(median(took)), number(slowest),
		number(slowest/arithmetic), number(refused))
	return t, nil
}

// crowdIn gives the seconds that each account waits, and how many are answered
// with anything but a success.
func crowdIn(ctx context.Context, address string, count int) (took []float64, refused int, err error) {
	clients := make([]*client, count)
	for i := range clients {
		clients[i] = dial(ctx, address)
		defer clients[i].close()
	}
	took = make([]float64, count)
	statuses, errs := make([]int, count), make([]error, count)
	var all sync.WaitGroup
	begun := time.Now()
	for i, c := range clients {
		all.Go(func() {
			statuses[i], errs[i] = c.ask(login{account: person(firstAtCrowd + i), password: password}.get("/login"))
			took[i] = time.Since(begun).Seconds()
		})
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, 0, fmt.Errorf("login %d of %d at once: %w", i+1, count, err)
		}
		if statuses[i] != http.StatusOK {
			refused++
		}
	}
	return took, refused, nil
}
