// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"time"
)

const (
	syncPages  = 1000
	syncBudget = 20 * time.Second // for one sync; what it has not done then is estimated
)

// measureSync times a phone that was offline for long: page after page on one
// connection, its first login included.
func measureSync(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Sync of a phone", Of: "what", Columns: []column{{"ours s", 2, "less"}, {"floor s", 2, ""}, {"ratio", 2, "less"}},
	}
	var took [2][]float64
	var ratios []float64
	done := syncPages
	for round := range b.rounds {
		seconds, pages, err := b.syncRound(ctx, person(firstAtSync+round))
		if err != nil {
			return t, err
		}
		took[0], took[1] = append(took[0], seconds[0]), append(took[1], seconds[1])
		ratios = append(ratios, seconds[0]/seconds[1])
		if done = min(done, pages); pages < syncPages {
			break
		}
	}
	if done < syncPages {
		t.Notes = []string{fmt.Sprintf("Estimated from the first %d pages, which took all the time there was.", done)}
	}
	t.add("1,000 pages", number(median(took[0])), number(median(took[1])), number(median(ratios)))
	return t, nil
}

// syncRound gives the seconds that the server and the floor take, and how many
// pages the slower one has done.
func (b *bench) syncRound(ctx context.Context, owner string) (seconds [2]float64, pages int, err error) {
	defer b.stopChildren()
	ours, err := b.serve(ctx)
	if err != nil {
		return seconds, 0, err
	}
	floor, err := b.serveFloor(ctx, b.url())
	if err != nil {
		return seconds, 0, err
	}
	pages = syncPages
	for i, server := range []*child{ours, floor} {
		done, took, err := push(ctx, server.address, owner)
		if err != nil {
			return seconds, 0, fmt.Errorf("%s: %w", server.name, err)
		}
		seconds[i] = took.Seconds() * syncPages / float64(done)
		pages = min(pages, done)
	}
	return seconds, pages, nil
}

// push sends pages until all are there or the time is up.
func push(ctx context.Context, address, owner string) (done int, took time.Duration, err error) {
	c := dial(ctx, address)
	defer c.close()
	next := login{account: owner, password: password}.newPages(owner)(0)
	begun := time.Now()
	for done < syncPages && time.Since(begun) < syncBudget {
		if err := c.demand(next()); err != nil {
			return done, 0, err
		}
		done++
	}
	return done, time.Since(begun), nil
}
