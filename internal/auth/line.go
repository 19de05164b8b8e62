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

// glance is how many of a full line are looked at for somebody to give way.
const glance = 32

// errBusy is for who waited in vain.
var errBusy = &fed.Error{Kind: fed.Unavailable, Msg: "Too many people log in at the moment; try again.", Wait: patience}

// line lets a number of bcrypt comparisons run at once and decides who is next:
// guests, then whose address failed and came less often, then whose account came
// less often, then who came first; new passwords are behind all logins. Who comes again counts each time, also when
// he was sent away or has hung up: that tells an attacker from his victim before
// either was compared.
type line struct {
	standing func(party) int

	mu        sync.Mutex
	free      int
	waiting   []*waiter
	hand      int            // goes round among the waiting of a full line
	addresses map[uint64]int // how often each came, while somebody waits
	accounts  map[uint64]int // likewise
}

type waiter struct {
	party party
	turn  chan error // nil when it is this one's, errBusy when it must give way
}

func newLine(workers int, standing func(party) int) *line {
	l := &line{standing: standing, free: workers}
	l.forget()
	return l
}

// forget starts counting anew.
func (l *line) forget() { l.addresses, l.accounts = map[uint64]int{}, map[uint64]int{} }

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
	case err := <-w.turn:
		return err
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = errBusy
	}
	l.quit(w)
	return err
}

// join stands at the end of the line. Where it is full, somebody else must give
// way, or it is Unavailable.
func (l *line) join(p party) (*waiter, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !p.newPassword { // whose place among logins it does not change
		came(l.addresses, p.address)
		came(l.accounts, p.account)
	}
	if len(l.waiting) >= longestLine && !l.displace(p) {
		return nil, errBusy
	}
	w := &waiter{party: p, turn: make(chan error, 1)}
	l.waiting = append(l.waiting, w)
	l.next()
	return w, nil
}

func came(times map[uint64]int, key uint64) {
	makeRoom(times, key, mostRemembered)
	times[key]++
}

// displace sends away the worst of the few waiters that it looks at, if the
// party is better. To look at all of them would help who floods the line.
func (l *line) displace(p party) bool {
	worst, most := -1, l.rank(p)
	for range glance {
		l.hand = (l.hand + 1) % len(l.waiting)
		if r := l.rank(l.waiting[l.hand].party); slices.Compare(r[:], most[:]) > 0 {
			worst, most = l.hand, r
		}
	}
	if worst < 0 {
		return false
	}
	l.call(worst, errBusy)
	return true
}

// call takes a waiter out of the line and tells him why.
func (l *line) call(i int, why error) {
	l.waiting[i].turn <- why
	l.waiting = slices.Delete(l.waiting, i, i+1)
}

// quit takes a waiter out of the line. A turn that came at the last moment is
// given back.
func (l *line) quit(w *waiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, w); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else if <-w.turn == nil {
		l.free++
		l.next()
	}
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
		l.free--
		l.call(l.best(), nil)
	}
	if len(l.waiting) == 0 {
		l.forget()
	}
}

// best finds who is next; the waiting stand in the order in which they came.
func (l *line) best() (best int) {
	least := l.rank(l.waiting[0].party)
	for i, w := range l.waiting[1:] {
		if r := l.rank(w.party); slices.Compare(r[:], least[:]) < 0 {
			best, least = i+1, r
		}
	}
	return best
}

// rank orders parties: lower is better.
func (l *line) rank(p party) [4]int {
	standing, behind := l.standing(p), 0
	if p.newPassword {
		behind = 1
	}
	return [4]int{behind, min(standing, 0), max(standing, 0) + l.addresses[p.address], l.accounts[p.account]}
}
