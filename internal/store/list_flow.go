// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// Bounds of a piece of a list.
const (
	PieceBytes = 1 << 20 // of records as text; a larger record is a piece of its own
	pieceRows  = 500
	pieceTime  = 30 * time.Second
)

// Flow gives a list the pace of its reader, who may be slow (backpressure). The list is
// read piece by piece, and no connection is held while the reader takes one.
type Flow interface {
	// ReservePiece waits until the reader has taken the last piece and there is memory
	// for the next, and gives its bytes: as many as are needed at least.
	ReservePiece(ctx context.Context, needed int64) (bytes int64, err error)

	// AcquireSlot admits a list that is longer than its first piece, before any is sent.
	AcquireSlot(ctx context.Context) error

	// ReserveStream reserves the memory for one statement of all the rest, before it runs.
	ReserveStream(ctx context.Context) error

	// Flush sends what there is, and reports whether the reader has kept up. If not, a
	// running statement ends.
	Flush() (keptUp bool)
}

// list is read in order, from where it has come to.
type list interface {
	// piece hands on records of so many bytes at most. If the next one alone is larger,
	// it hands on nothing, and says how many bytes are needed.
	// After pg.ErrLost it can be called again.
	piece(ctx context.Context, bytes int64) (more bool, needed int64, err error)

	// stream hands on records by one statement, while the reader keeps up; or none. flush is
	// called before the statement has an answer, which may take long.
	stream(ctx context.Context, flush func() (keptUp bool)) (more bool, err error)
}

// listReader reads a list, and knows how far it has come.
type listReader struct {
	list   list
	flow   Flow
	more   bool
	needed int64 // bytes, of the next record if it is large
}

// read hands on a whole list. Its first piece is read as any record is; a longer list
// has a slot in the lane of lists, except while it waits for its reader.
func (db *DB) read(ctx context.Context, flow Flow, l list) error {
	if db.primary != nil {
		ctx = db.pool.StayWhereItGoes(ctx)
	}

	r := listReader{list: l, flow: flow}
	alone := func(_ context.Context, do func() error) error { return do() }
	if err := r.piece(ctx, alone); err != nil || !r.more {
		return err
	}
	if err := flow.AcquireSlot(ctx); err != nil {
		return err
	}

	if err := r.stream(ctx, db.lists); err != nil {
		return err
	}

	for r.more {
		if err := r.piece(ctx, db.lists.within); err != nil {
			return err
		}
	}

	return nil
}

// stream hands on all the rest by one statement, in a slot of the lane, if the list can.
func (r *listReader) stream(ctx context.Context, lists *lane) error {
	err := lists.within(ctx, func() (err error) {
		if err := r.flow.ReserveStream(ctx); err != nil {
			return err
		}

		begun := time.Now()
		r.more, err = r.list.stream(ctx, func() bool { return r.flow.Flush() && lists.mayStay(begun) })
		return err
	})
	if isLost(ctx, err) {
		r.more, err = true, nil
	}

	return err
}

// isLost reports whether reading may go on after an error, from where it has come to.
func isLost(ctx context.Context, err error) bool {
	return errors.Is(err, pg.ErrLost) && ctx.Err() == nil
}

// retryLost runs a read, and runs it again while its connection is lost.
func retryLost(ctx context.Context, do func() error) error {
	for {
		if err := do(); !isLost(ctx, err) {
			return err
		}
	}
}

// connectionLost is an error after which a list cannot go on: its rest was lost with the connection.
func connectionLost(err error) error {
	return &fed.Error{Kind: unavailable.Kind, Msg: unavailable.Msg, Err: errors.New(err.Error()), Wait: unavailable.Wait}
}

// piece reserves memory and hands on the next piece, in a lane.
func (r *listReader) piece(ctx context.Context, within func(context.Context, func() error) error) error {
	bytes, err := r.flow.ReservePiece(ctx, r.needed)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, pieceTime)
	defer cancel()

	err = within(ctx, func() (err error) {
		r.more, r.needed, err = r.list.piece(ctx, bytes)
		return err
	})
	if isLost(ctx, err) {
		r.more, err = true, nil
	}

	return err
}
