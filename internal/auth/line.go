// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"slices"
	"sync"
	"time"

	"thalamus/internal/fed"
)

// How long a first login waits for its comparison. Where hardly anybody failed
// it waits longer: after a restart everybody comes at once, and two hundred
// comparisons take a minute of a core.
const (
	patience     = 20 * time.Second
	goodPatience = 80 * time.Second
	goodStanding = 3
	longestLine  = 1000
)

// errBusy is for who waited in vain.
var errBusy = &fed.Error{Kind: fed.Unavailable, Msg: "Too many people log in at the moment; try again.", Wait: patience}

// line lets a number of bcrypt comparisons run at once and decides who is next:
// the party of the best standing, then whose address and account had fewer
// turns, then who came first.
type line struct {
	standing func(party) int

	mu      sync.Mutex
	free    int
	waiting []*waiter
	turns   map[uint64]int // of addresses and accounts, while somebody waits
}

type waiter struct {
	party party
	turn  chan struct{} // closed when it is this one's
}

func newLine(workers int, standing func(party) int) *line {
	return &line{standing: standing, free: workers, turns: map[uint64]int{}}
}

// enter waits for a turn. Unavailable when it does not come in time.
func (l *line) enter(ctx context.Context, p party) error {
	w, err := l.join(p)
	if err != nil {
		return err
	}
	limit := patience
	if l.standing(p) <= goodStanding {
		limit = goodPatience
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = errBusy
	}
	if !l.quit(w) { // the turn came at the last moment
		l.leave()
	}
	return err
}

func (l *line) join(p party) (*waiter, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= longestLine {
		return nil, errBusy
	}
	w := &waiter{party: p, turn: make(chan struct{})}
	l.waiting = append(l.waiting, w)
	l.next()
	return w, nil
}

// quit takes a waiter out of the line; false if its turn has come.
func (l *line) quit(w *waiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, w)
	if i < 0 {
		return false
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	return true
}

// leave ends a turn.
func (l *line) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
	l.next()
}

// next gives free turns to the first in line. The caller holds the lock.
func (l *line) next() {
	for l.free > 0 && len(l.waiting) > 0 {
		i := l.best()
		w := l.waiting[i]
		l.waiting = slices.Delete(l.waiting, i, i+1)
		l.free--
		l.turns[w.party.address]++
		l.turns[w.party.account]++
		close(w.turn)
	}
	if len(l.waiting) == 0 {
		clear(l.turns)
	}
}

// best finds who is next; the waiting stand in the order in which they came.
func (l *line) best() (best int) {
	rank := func(w *waiter) [3]int {
		return [3]int{l.standing(w.party), l.turns[w.party.address], l.turns[w.party.account]}
	}
	least := rank(l.waiting[0])
	for i, w := range l.waiting[1:] {
		if r := rank(w); slices.Compare(r[:], least[:]) < 0 {
			best, least = i+1, r
		}
	}
	return best
}
