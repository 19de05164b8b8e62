// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"context"
	"slices"
	"sync"
	"time"

	"thalamus/internal/fed"
)

// Budget is bytes of memory, or of a disk, that requests share. One account has a quarter
// of them at most, so that no account takes them all. Bytes are taken when they are needed,
// never because a client announces them. Waiting for some is bounded.
type Budget struct {
	bytes   int64
	share   int64 // of one account
	timeout time.Duration

	mu      sync.Mutex
	free    int64
	held    map[string]int64 // by account
	queue   []*claim         // first come, first served
	refused uint64           // claims that waited in vain
}

// Usage is how much of a Budget is taken.
type Usage struct {
	Bytes, Taken int64
	Waiting      int    // claims
	Refused      uint64 // claims that waited in vain, until now
}

// Usage tells it as of now.
func (b *Budget) Usage() Usage {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Usage{Bytes: b.bytes, Taken: b.bytes - b.free, Waiting: len(b.queue), Refused: b.refused}
}

// claim is bytes that a request waits for.
type claim struct {
	account string
	bytes   int64
	granted chan struct{}
}

// NewBudget makes a Budget of so many bytes, for which a request waits so long at most.
func NewBudget(bytes int64, timeout time.Duration) *Budget {
	return &Budget{bytes: bytes, share: bytes / 4, timeout: timeout, free: bytes, held: map[string]int64{}}
}

// Hold is the part of a Budget that one request has. It is for one goroutine at a time.
type Hold struct {
	budget  *Budget
	account string
	bytes   int64
}

// Open makes a Hold of nothing yet. The caller ends it with Release.
func (b *Budget) Open(account string) *Hold { return &Hold{budget: b, account: account} }

// Take adds bytes to the hold. It waits while there are not enough, or while the
// account has its share; after a while it is Unavailable, and the hold stays as it was.
// A hold never counts for more than a share: one record may be larger than that.
func (h *Hold) Take(ctx context.Context, bytes int64) error {
	bytes = min(bytes, h.budget.share-h.bytes)
	if bytes <= 0 {
		return nil
	}

	err := h.budget.take(ctx, &claim{account: h.account, bytes: bytes})
	if err != nil {
		return err
	}
	h.bytes += bytes
	return nil
}

// Keep gives everything back but so many bytes.
func (h *Hold) Keep(bytes int64) {
	if h.bytes > bytes {
		h.budget.release(h.account, h.bytes-bytes)
		h.bytes = bytes
	}
}

// Release gives everything back. The hold may take anew.
func (h *Hold) Release() { h.Keep(0) }

func (b *Budget) take(ctx context.Context, c *claim) error {
	granted := b.enqueue(c)
	if granted {
		return nil
	}

	ctx, cancel := context.WithTimeout(ctx, b.timeout)
	defer cancel()
	select {
	case <-c.granted:
		return nil
	case <-ctx.Done():
	}

	granted = b.withdraw(c)
	if granted {
		return nil
	}
	return &fed.Error{Kind: fed.Unavailable, Msg: "The memory for requests is in use; try again.", Err: context.Cause(ctx), Wait: b.timeout}
}

// enqueue reports whether a claim is granted at once. Else it waits.
func (b *Budget) enqueue(c *claim) (granted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()

	if len(b.queue) == 0 && b.hasShare(c) && c.bytes <= b.free {
		b.grant(c)
		return true
	}

	c.granted = make(chan struct{})
	b.queue = append(b.queue, c)
	b.dispatch()
	return !slices.Contains(b.queue, c)
}

// withdraw takes a claim out of the queue, and reports whether it was granted before.
func (b *Budget) withdraw(c *claim) (granted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()

	i := slices.Index(b.queue, c)
	if i < 0 {
		return true
	}
	b.queue = slices.Delete(b.queue, i, i+1)
	b.refused++
	b.dispatch() // a large claim may have stood before small ones
	return false
}

func (b *Budget) release(account string, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()

	b.free += bytes
	b.held[account] -= bytes
	if b.held[account] == 0 {
		delete(b.held, account)
	}
	b.dispatch()
}

// dispatch grants claims in order, as far as the bytes go: small claims never overtake a
// large one. A claim that waits for its own account's share blocks no other account.
func (b *Budget) dispatch() {
	var waiting []*claim
	for i, c := range b.queue {
		switch {
		case !b.hasShare(c):
			waiting = append(waiting, c)
		case c.bytes > b.free:
			b.queue = append(waiting, b.queue[i:]...)
			return
		default:
			b.grant(c)
			close(c.granted)
		}
	}
	b.queue = waiting
}

func (b *Budget) hasShare(c *claim) bool { return b.held[c.account]+c.bytes <= b.share }

func (b *Budget) grant(c *claim) {
	b.free -= c.bytes
	b.held[c.account] += c.bytes
}
