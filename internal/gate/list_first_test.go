// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http/httptest"
	"testing"

	"thalamus/internal/testdb"
)

// The rest may be long in coming.
func TestTheFirstPieceOfALongListGoesOutHoweverSmallItIs(t *testing.T) {
	reply := httptest.NewRecorder()
	l := &List{envelope: array, out: NewMinRateWriter(reply), buffer: newListBuffer()}
	if err := l.Add([]byte("1")); err != nil || !l.Flush() {
		t.Fatalf("it does not flow, or %v", err)
	}

	if err := l.sender.wait(); err != nil || reply.Body.String() != "[1" {
		t.Errorf("%q was sent: %v", reply.Body, err)
	}

	if err := l.sender.end(); err != nil {
		t.Error(err)
	}
}

// However long the piece is that is read, a client who keeps up leaves little of it to be kept.
func TestAFullPieceGoesOutWhileTheNextIsCollected(t *testing.T) {
	reply := httptest.NewRecorder()
	l := &List{envelope: array, out: NewMinRateWriter(reply), buffer: newListBuffer(), releaseSlot: func() {}}
	testdb.Await(t, "the sender takes a piece", func() bool {
		if err := l.Add(make([]byte, FullPiece)); err != nil {
			t.Fatal(err)
		}
		return l.buffer.Len() == 0
	})

	if err := l.sender.end(); err != nil || reply.Body.Len() < FullPiece {
		t.Errorf("%d bytes were sent: %v", reply.Body.Len(), err)
	}
}

// Before the slot is acquired an error still has its own status.
func TestNothingOfAFirstPieceGoesOutWhileItIsCollected(t *testing.T) {
	l := &List{envelope: array, buffer: newListBuffer()}
	if err := l.Add(make([]byte, 2*FullPiece)); err != nil || l.sender != nil || l.buffer.Len() < 2*FullPiece {
		t.Errorf("of the first piece %d bytes are left: %v", l.buffer.Len(), err)
	}
}
