// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import "sync"

// Places counts what each account does at a time. The zero Places is ready for use.
type Places struct {
	mu    sync.Mutex
	taken map[string]int
}

// Take takes a place of an account, unless it has as many already; leave gives it back
// and is called once.
func (p *Places) Take(account string, most int) (leave func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[account] >= most {
		return nil, false
	}
	if p.taken == nil {
		p.taken = map[string]int{}
	}
	p.taken[account]++
	return func() { p.leave(account) }, true
}

func (p *Places) leave(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken[account]--
	if p.taken[account] == 0 {
		delete(p.taken, account)
	}
}
