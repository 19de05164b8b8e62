// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/fed"
)

const (
	minRepeats         = 3              // fewer may be a mistake
	refusalLogInterval = time.Hour      // between two lines of the log about the same
	refusalExpiry      = 72 * time.Hour // longer than a weekend of a node that pushes once a day
	maxRefusals        = 1000           // at a time
)

// refusal is the key by which refused requests are counted. Nothing of it is from a body, or
// a value of a query.
type refusal struct {
	account, method, route string
	status                 int
	reason                 string // the sentence that the caller gets
}

// refusalOf gives the refusal of a request. A request of an unknown account is none, and
// neither is a lookup that finds nothing.
func refusalOf(ev *event) (what refusal, ok bool) {
	account := ev.caller.Account.ID
	foundNothing := isReading(ev.method) && ev.status == http.StatusNotFound
	if account == "" || ev.status < 400 || ev.status >= 500 || foundNothing {
		return what, false
	}

	reason := http.StatusText(ev.status)
	var known *fed.Error
	if errors.As(ev.err, &known) {
		reason = known.Msg
	}

	return refusal{account, ev.method, ev.pattern, ev.status, reason}, true
}

// refusals counts requests that are refused again and again: a node repeats them at every
// push, and does not show its users. It is a pure function of the clock that it is given.
type refusals struct {
	mu       sync.Mutex
	counts   map[refusal]*refusalCount
	repeated map[Refused]uint64
	due      atomic.Int64 // when the next line of the log is due, in ns since 1970; 0: never
}

// Refused is where requests are refused, and how.
type Refused struct {
	Route  string
	Status int
}

// refusalCount is the number of requests of a refusal.
type refusalCount struct {
	count, logged int
	since, last   time.Time
	next          time.Time  // not to be logged before
	request       string     // the last one's id,
	from          netip.Addr // and where it came from
}

// add counts the refusal of a request.
func (r *refusals) add(what refusal, c *Caller, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()

	one := r.countOf(what, now)
	one.count++
	one.last, one.request, one.from = now, c.Request, c.From
	if one.count >= minRepeats {
		r.repeated[Refused{what.route, what.status}]++
	}
	if due := r.due.Load(); one.count >= minRepeats && (due == 0 || one.next.UnixNano() < due) {
		r.due.Store(one.next.UnixNano())
	}
}

// countOf gives the count of a refusal, or a new one.
func (r *refusals) countOf(what refusal, now time.Time) *refusalCount {
	one := r.counts[what]
	if one != nil && now.Sub(one.last) <= refusalExpiry {
		return one
	}

	if one == nil {
		r.evict()
	}

	one = &refusalCount{since: now, next: now}
	r.counts[what] = one
	return one
}

// evict drops the least frequent of a few. Go iterates over maps from a random position.
func (r *refusals) evict() {
	if len(r.counts) < maxRefusals {
		return
	}

	const look = 16
	seen := 0
	var least refusal

	for what, one := range r.counts {
		if seen == 0 || one.count < r.counts[least].count {
			least = what
		}

		seen++
		if seen == look {
			break
		}
	}

	delete(r.counts, least)
}

// takeDue gives the refusals that have come again since they were logged, and were not
// logged within the hour.
func (r *refusals) takeDue(now time.Time) map[refusal]refusalCount {
	due := r.due.Load()
	if due == 0 || now.UnixNano() < due { // as nearly always
		return nil
	}

	r.mu.Lock()
	defer r.mu.Unlock()

	taken, due := map[refusal]refusalCount{}, int64(0)
	for what, one := range r.counts {
		switch {
		case one.count < minRepeats || one.count == one.logged:
		case now.Before(one.next):
			if due == 0 || one.next.UnixNano() < due {
				due = one.next.UnixNano()
			}
		default:
			one.logged, one.next = one.count, now.Add(refusalLogInterval)
			taken[what] = *one
		}
	}

	r.due.Store(due)
	return taken
}

// logRefusals counts a request that was refused, and warns the administrator of the refusals
// that are due.
func (g *Gate) logRefusals(ev *event) {
	now := time.Now()
	if what, ok := refusalOf(ev); ok {
		g.refusals.add(what, &ev.caller, now)
	}

	for what, one := range g.refusals.takeDue(now) {
		g.options.Log.Warn("an account is refused the same again and again; its software may not show it",
			"account", what.account, "method", what.method, "route", what.route, "status", what.status, "reason", what.reason,
			"count", one.count, "since", one.since, "request", one.request, "from", one.from.String())
	}
}
