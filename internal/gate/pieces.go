// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// Pieces reads lists for a client who may be slow, as a store.Flow: the items of a piece are
// kept while it is read, and written when no connection to the database is held. All lists of a
// reply together count as one long list of the account.
type Pieces struct {
	hold  *limit.Hold // of the memory for a piece
	leave func()
	kept  []func() error // write the items of the piece
}

// OpenPieces begins the reading of long lists, which Close ends. Unavailable: the account reads
// as many as it may.
func (c *Caller) OpenPieces() (*Pieces, error) {
	leave, err := c.enterLists()
	if err != nil {
		return nil, err
	}
	return &Pieces{hold: c.OpenHold(), leave: leave}, nil
}

// enterLists counts one more long list of the account.
func (c *Caller) enterLists() (leave func(), err error) {
	most := maxLists
	if c.Global() {
		most = maxGlobalLists
	}

	leave, ok := c.gate.lists.TryAcquire(c.Account.ID, most)
	if !ok {
		return nil, &fed.Error{Kind: fed.Unavailable, Msg: "You read as many long lists as an account may at a time.", Wait: time.Second}
	}
	return leave, nil
}

// Close gives back what it holds. What it has kept is not written.
func (p *Pieces) Close() {
	p.hold.Release()
	p.leave()
}

// Keep has an item written when the piece has been read. The item has memory of its own.
func (p *Pieces) Keep(write func() error) error {
	p.kept = append(p.kept, write)
	return nil
}

// Write writes what is kept. The reader of a list calls it behind the last piece.
func (p *Pieces) Write() error {
	for i, write := range p.kept {
		if err := write(); err != nil {
			return err
		}
		p.kept[i] = nil
	}

	p.kept = p.kept[:0]
	p.hold.Release()
	return nil
}

// ReservePiece is store.Flow's.
func (p *Pieces) ReservePiece(ctx context.Context, needed int64) (bytes int64, err error) {
	if err := p.Write(); err != nil {
		return 0, err
	}

	bytes = max(store.PieceBytes, needed)
	return bytes, p.hold.Take(ctx, 2*bytes) // and what is made of an item on its way out
}

// AcquireSlot is store.Flow's: OpenPieces has it.
func (p *Pieces) AcquireSlot(context.Context) error { return nil }

// ReserveStream is store.Flow's. No list is read by one statement.
func (p *Pieces) ReserveStream(context.Context) error { return nil }

// Flush is store.Flow's.
func (p *Pieces) Flush() (keptUp bool) { return false }
