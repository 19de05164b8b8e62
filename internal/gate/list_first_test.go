// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http/httptest"
	"testing"
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
