// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"context"
	"slices"
	"sync"
	"time"

	"thalamus/internal/fed"
)

// Budget is bytes of memory that requests share. One account has a quarter of them
// at most, so that no account takes them all. Bytes are taken when they are needed,
// never because a client says that they will be. Waiting for some is bounded.
type Budget struct {
	share    int64 // of one account
	patience time.Duration

	mu      sync.Mutex
	free    int64
	held    map[string]int64 // by account
	waiting []*claim         // the first to come is the first to be served
}

// claim is bytes that somebody waits for.
type claim struct {
	account string
	bytes   int64
	granted chan struct{}
}

// NewBudget makes a Budget of so many bytes, for which a request waits so long at most.
func NewBudget(bytes int64, patience time.Duration) *Budget {
	return &Budget{share: bytes / 4, patience: patience, free: bytes, held: map[string]int64{}}
}

// Hold is what one request has of a Budget. It is for one goroutine at a time.
type Hold struct {
	budget  *Budget
	account string
	bytes   int64
}

// Open makes a Hold of nothing yet. The caller ends it with Release.
func (b *Budget) Open(account string) *Hold { return &Hold{budget: b, account: account} }

// Take adds bytes to what is held already. It waits while there are not enough, or the
// account has its share; after a while it is Unavailable, and what was held before
// stays. A hold never counts for more than a share: one record may be larger than that.
func (h *Hold) Take(ctx context.Context, bytes int64) error {
	bytes = min(bytes, h.budget.share-h.bytes)
	if bytes <= 0 {
		return nil
	}
	if err := h.budget.take(ctx, &claim{account: h.account, bytes: bytes}); err != nil {
		return err
	}
	h.bytes += bytes
	return nil
}

// Keep gives everything back but so many bytes.
func (h *Hold) Keep(bytes int64) {
	if h.bytes > bytes {
		h.budget.giveBack(h.account, h.bytes-bytes)
		h.bytes = bytes
	}
}

// Release gives everything back. The hold may take anew.
func (h *Hold) Release() { h.Keep(0) }

func (b *Budget) take(ctx context.Context, c *claim) error {
	if b.queue(c) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, b.patience)
	defer cancel()
	select {
	case <-c.granted:
		return nil
	case <-ctx.Done():
	}

	if b.withdraw(c) {
		return nil
	}
	return &fed.Error{Kind: fed.Unavailable, Msg: "The memory for requests is in use; try again.", Err: context.Cause(ctx), Wait: b.patience}
}

// queue reports whether a claim is granted at once. Else it waits.
func (b *Budget) queue(c *claim) (granted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) == 0 && b.hasShare(c) && c.bytes <= b.free {
		b.grant(c)
		return true
	}
	c.granted = make(chan struct{})
	b.waiting = append(b.waiting, c)
	b.serve()
	return !slices.Contains(b.waiting, c)
}

// withdraw ends the waiting of a claim, and reports whether it was granted before.
func (b *Budget) withdraw(c *claim) (granted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.waiting, c)
	if i < 0 {
		return true
	}
	b.waiting = slices.Delete(b.waiting, i, i+1)
	b.serve() // a large claim may have stood before small ones
	return false
}

func (b *Budget) giveBack(account string, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += bytes
	b.held[account] -= bytes
	if b.held[account] == 0 {
		delete(b.held, account)
	}
	b.serve()
}

// serve grants what can be granted, in order: a large claim is not overtaken for ever
// by small ones. One that waits for its own account's share is in nobody's way.
func (b *Budget) serve() {
	var waiting []*claim
	for i, c := range b.waiting {
		switch {
		case !b.hasShare(c):
			waiting = append(waiting, c)
		case c.bytes > b.free:
			b.waiting = append(waiting, b.waiting[i:]...)
			return
		default:
			b.grant(c)
			close(c.granted)
		}
	}
	b.waiting = waiting
}

func (b *Budget) hasShare(c *claim) bool { return b.held[c.account]+c.bytes <= b.share }

func (b *Budget) grant(c *claim) {
	b.free -= c.bytes
	b.held[c.account] += c.bytes
}
