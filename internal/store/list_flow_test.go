// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// endless is a list that gives something every second, until it is asked for pieces.
type endless struct{ streamed time.Duration }

func (e *endless) piece(context.Context, int64) (more bool, needed int64, err error) {
	return e.streamed == 0, 0, nil
}

func (e *endless) stream(_ context.Context, flush func() (keptUp bool)) (more bool, err error) {
	for begun := time.Now(); flush() && e.streamed < time.Hour; {
		time.Sleep(time.Second)
		e.streamed = time.Since(begun)
	}
	return true, nil
}

// keen takes everything at once.
type keen struct{}

func (keen) ReservePiece(context.Context, int64) (int64, error) { return PieceBytes, nil }
func (keen) AcquireSlot(context.Context) error                  { return nil }
func (keen) ReserveStream(context.Context) error                { return nil }
func (keen) Flush() bool                                        { return true }

func TestAListKeepsItsPlaceWhileNobodyWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, list := &DB{lists: newLane("lists", 1, always)}, &endless{}
		if err := db.read(t.Context(), keen{}, list); err != nil || list.streamed != time.Hour {
			t.Errorf("it streamed for %v: %v", list.streamed, err)
		}
	})
}

// Another comes after a second, and after ten would be told to come again.
func TestAListGivesItsPlaceUpWhenOthersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, list := &DB{lists: newLane("lists", 1, always)}, &endless{}
		other := make(chan error, 1)
		time.AfterFunc(time.Second, func() { other <- db.lists.within(t.Context(), func() error { return nil }) })
		if err := db.read(t.Context(), keen{}, list); err != nil || list.streamed != 3*time.Second {
			t.Errorf("it streamed for %v: %v", list.streamed, err)
		}
		if err := <-other; err != nil {
			t.Error(err)
		}
	})
}

func TestAStatementThatGivesNothingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		list := keysetList{runScan: func(ctx context.Context, _ func(queryFunc) error) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		more, err := list.stream(t.Context(), keen{}.Flush)
		if !more || err != nil || time.Since(begun) != pieceTime {
			t.Errorf("more %t, %v, after %v", more, err, time.Since(begun))
		}
	})
}

func TestAListOfAClientWhoLeavesEndsThere(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	list := keysetList{runScan: func(ctx context.Context, _ func(queryFunc) error) error {
		leave()
		<-ctx.Done()
		return ctx.Err()
	}}
	if more, err := list.stream(ctx, keen{}.Flush); more || err == nil {
		t.Errorf("more %t, %v", more, err)
	}
}
