// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import "sync"

// Semaphore counts what each account does at a time. The zero Semaphore is ready for use.
type Semaphore struct {
	mu    sync.Mutex
	taken map[string]int
}

// TryAcquire counts one more for an account that has fewer than limit. release ends it
// and is called once.
func (s *Semaphore) TryAcquire(account string, limit int) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.taken[account] >= limit {
		return nil, false
	}
	if s.taken == nil {
		s.taken = map[string]int{}
	}
	s.taken[account]++
	return func() { s.release(account) }, true
}

func (s *Semaphore) release(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[account]--
	if s.taken[account] == 0 {
		delete(s.taken, account)
	}
}
