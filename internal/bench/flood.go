// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"
)

const floodRate = 50 // wrong logins a second

// measureFlood compares good requests without and with wrong logins beside
// them. Each round has a server of its own, as throttling remembers, and half
// of its flood is over before it counts.
func measureFlood(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: fmt.Sprintf("Good requests beside %d wrong logins a second", floodRate), Of: "good requests",
		Columns: []column{
			{"/s", 0, ""}, {"flooded /s", 0, "more"}, {"ratio", 2, "more"},
			{"p50 ms", 2, ""}, {"flooded p50", 2, "less"}, {"p99 ms", 2, ""}, {"flooded p99", 2, "less"}, {"p99 ratio", 2, "less"},
			{"failed", 0, "less"},
		},
	}
	var quiet, flooded series
	all, failed := map[int]int{}, 0
	for range b.rounds {
		before, during, replies, err := b.floodRound(ctx)
		if err != nil {
			return t, err
		}
		quiet.add(before)
		flooded.add(during)
		failed += during.failed
		for status, n := range replies {
			all[status] += n
		}
	}
	t.add("GET /people/{id}", quiet.rate(), flooded.rate(), flooded.rate()/quiet.rate(),
		quiet.p50(), flooded.p50(), quiet.p99(), flooded.p99(), flooded.p99()/quiet.p99(), number(failed))
	t.Notes = []string{fmt.Sprintf("Of the wrong logins, from one address and with %d known and as many unknown accounts,"+
		" %s; %d were not answered by the end.", floodAccounts, answered(all), all[unanswered])}
	return t, nil
}

func (b *bench) floodRound(ctx context.Context) (before, during sample, replies map[int]int, err error) {
	server, err := b.serve(ctx)
	if err != nil {
		return before, during, nil, err
	}
	defer server.stop()
	good := load{address: server.address, connections: connections, time: b.time,
		requests: inTurn(login{account: node, password: password}.everyone("/people/"))}
	if err := good.warmUp(ctx); err != nil {
		return before, during, nil, err
	}
	if before, err = good.run(ctx); err != nil {
		return before, during, nil, err
	}
	f := startFlood(ctx, server.address)
	defer f.stop()
	good.lenient = true
	if _, err := good.run(ctx); err != nil {
		return before, during, nil, err
	}
	during, err = good.run(ctx)
	f.stop()
	return before, during, f.replies, err
}

const floodAccounts = 1000

// startFlood lets wrong logins come at their own pace, answered or not, each on
// a connection of its own.
func startFlood(ctx context.Context, address string) *nuisance {
	f := newNuisance(ctx, address)
	f.waiting.Go(func() {
		tick := time.NewTicker(time.Second / floodRate)
		defer tick.Stop()
		for {
			select {
			case <-f.ctx.Done():
				return
			case <-tick.C:
				f.waiting.Go(func() {
					c := dial(f.ctx, f.address)
					defer c.close()
					f.try(c, wrongLogin(f.next()))
				})
			}
		}
	})
	return f
}

// wrongLogin is the nth of a flood. Every other account exists.
func wrongLogin(n int) login {
	account := person(firstAtFlood + n/2%floodAccounts)
	if n%2 == 0 {
		account = "X" + account
	}
	return login{account: account, password: rand.Text()}
}
