// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"cmp"
	"slices"
	"time"
)

// Refusal is what an account is refused again and again, on this server since it started. Nothing of it
// is from a body, and a login that fails is of no known account.
type Refusal struct {
	Account, Method, Route string
	Status                 int
	Reason                 string // the sentence that the caller gets, in English
	Count                  int
	Since, Last            time.Time
	Request                string // the last one's id
}

// Refusals are those of a caller's server that have come again and not long ago, the most frequent first.
func Refusals(c *Caller) []Refusal { return c.gate.refusals.list(time.Now()) }

func (r *refusals) list(now time.Time) (all []Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()

	for what, one := range r.counts {
		if one.count >= minRepeats && now.Sub(one.last) <= refusalExpiry {
			all = append(all, Refusal{what.account, what.method, what.route, what.status, what.reason, one.count, one.since, one.last, one.request})
		}
	}

	slices.SortFunc(all, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), b.Last.Compare(a.Last), cmp.Compare(a.Account, b.Account))
	})
	return all
}
