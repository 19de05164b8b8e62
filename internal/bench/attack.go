// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"time"
)

// An attack is made of wrong passwords for many accounts, of which every other
// one exists, from many addresses, as fast as the server takes them.
const (
	attackAccounts    = 10_000
	attackAddresses   = 1_000
	attackConnections = 1_500           // more than the places in the server's line
	attackPatience    = 1 * time.Second // then every other attacker hangs up and tries the next account
)

// measureAttack lets victims log in one after the other during an attack. Each
// is one of the attacked accounts, at an address that was never seen before.
func measureAttack(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "10,000 accounts attacked from 1,000 addresses", Of: "who",
		Columns: []column{
			{"attempts /s", 0, ""}, {"at rest MiB", 1, "less"}, {"half-way peak MiB", 1, "less"}, {"peak MiB", 1, "less"},
			{"logins", 0, "more"}, {"median s", 2, "less"}, {"slowest s", 2, "less"}, {"refused", 0, "less"},
		},
	}
	server, err := b.serve(ctx, "THALAMUS_SERVER_TRUSTED_PROXIES=127.0.0.1")
	if err != nil {
		return t, err
	}
	if _, _, err := victimsIn(ctx, server.address, 0, 0); err != nil {
		return t, err
	}
	rest, _, err := server.memory()
	if err != nil {
		return t, err
	}
	a := startAttack(ctx, server.address)
	defer a.stop()
	var took []float64
	var peaks [2]float64
	refused := 0
	for half := range peaks {
		more, out, err := victimsIn(ctx, server.address, 1+len(took), b.attack/2)
		if err != nil {
			return t, err
		}
		took, refused = append(took, more...), refused+out
		if _, peaks[half], err = server.memory(); err != nil {
			return t, err
		}
	}
	a.stop()
	t.add("victims", number(float64(a.sent)/a.took.Seconds()), number(rest), number(peaks[0]), number(peaks[1]),
		number(len(took)), number(median(took)), number(quantile(took, 1)), number(refused))
	t.Notes = []string{fmt.Sprintf("%d attempts at %d accounts from %d addresses over %d connections in %.0f s: %s; %d hung up, after %v or at the end.",
		a.sent, min(a.sent, attackAccounts), min(a.sent, attackAddresses), attackConnections, a.took.Seconds(),
		answered(a.replies), a.replies[unanswered], attackPatience)}
	return t, nil
}

// victimsIn lets accounts log in for that long, at least one. It gives the
// seconds that each waits, and how many are answered with anything but a success.
func victimsIn(ctx context.Context, address string, first int, limit time.Duration) (took []float64, refused int, err error) {
	for begun := time.Now(); len(took) == 0 || time.Since(begun) < limit; {
		n := first + len(took)
		c := dial(ctx, address)
		sent := time.Now()
		status, err := c.ask(login{person(firstAtAttack + n), password, addressOf(attackAddresses + n)}.get("/login"))
		c.close()
		if err != nil {
			return nil, 0, fmt.Errorf("login of a victim: %w", err)
		}
		took = append(took, time.Since(sent).Seconds())
		if status != http.StatusOK {
			refused++
		}
	}
	return took, refused, nil
}

func startAttack(ctx context.Context, address string) *nuisance {
	a := newNuisance(ctx, address)
	for i := range attackConnections {
		a.waiting.Go(func() { a.attacker(i%2 == 0) })
	}
	return a
}

// attacker tries one account after the other on a connection that is kept while
// replies come.
func (n *nuisance) attacker(patient bool) {
	c := dial(n.ctx, n.address)
	defer c.close()
	if !patient {
		c.http.Timeout = attackPatience
	}
	for n.ctx.Err() == nil {
		n.try(c, attempt(n.next()))
	}
}

// attempt is the nth of an attack. After all accounts were tried, each is tried
// from the next address.
func attempt(n int) login {
	account := person(firstAtAttack + n/2%(attackAccounts/2))
	if n%2 == 0 {
		account = "X" + account
	}
	return login{account, rand.Text(), addressOf((n + n/attackAccounts) % attackAddresses)}
}
