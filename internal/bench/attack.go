// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
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
	t.add("victims", number(float64(a.sent.Load())/a.took.Seconds()), number(rest), number(peaks[0]), number(peaks[1]),
		number(len(took)), number(median(took)), number(quantile(took, 1)), number(refused))
	t.Notes = []string{a.String()}
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

// attack is one under way.
type attack struct {
	cancel  context.CancelFunc
	begun   time.Time
	took    time.Duration // once stopped
	sent    atomic.Int64
	waiting sync.WaitGroup
	mu      sync.Mutex
	replies map[int]int // by status
}

func startAttack(ctx context.Context, address string) *attack {
	ctx, cancel := context.WithCancel(ctx)
	a := &attack{cancel: cancel, begun: time.Now(), replies: map[int]int{}}
	for i := range attackConnections {
		a.waiting.Go(func() { a.attacker(ctx, address, i%2 == 0) })
	}
	return a
}

// attacker tries one account after the other on a connection that is kept while
// replies come.
func (a *attack) attacker(ctx context.Context, address string, patient bool) {
	c := dial(ctx, address)
	defer c.close()
	if !patient {
		c.http.Timeout = attackPatience
	}
	replies := map[int]int{}
	for ctx.Err() == nil {
		status, err := c.ask(attempt(int(a.sent.Add(1)) - 1).get("/login"))
		if err != nil {
			status = unanswered
		}
		replies[status]++
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for status, n := range replies {
		a.replies[status] += n
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

// stop ends the attack. It may be called again.
func (a *attack) stop() {
	if a.took == 0 {
		a.took = time.Since(a.begun)
	}
	a.cancel()
	a.waiting.Wait()
}

// String tells what became of the attempts of an attack that was stopped.
func (a *attack) String() string {
	sent := int(a.sent.Load())
	others := sent
	for _, status := range []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable, unanswered} {
		others -= a.replies[status]
	}
	return fmt.Sprintf("%d attempts at %d accounts from %d addresses over %d connections in %.0f s: %d were answered with 401, %d with 429,"+
		" %d with 503, %d otherwise; %d hung up, after %v or at the end.", sent, min(sent, attackAccounts), min(sent, attackAddresses), attackConnections,
		a.took.Seconds(), a.replies[http.StatusUnauthorized], a.replies[http.StatusTooManyRequests],
		a.replies[http.StatusServiceUnavailable], others, a.replies[unanswered], attackPatience)
}
