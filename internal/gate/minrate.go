// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"time"
)

// How slowly a client may take a reply: a phone at the edge of its network stays, and
// who takes next to nothing goes. Time in which there is nothing to send does not count.
const (
	minRate      = 1 << 10 // bytes a second,
	StallTimeout = 2 * time.Minute
)

// MinRateWriter cuts off a reply that moves slower than slowestRate on an average of
// SlowestTime. Each byte that goes out gives the client time for another.
type MinRateWriter struct {
	http.ResponseWriter
	connection *http.ResponseController
	stall      time.Duration // that the client may take for nothing
	left       time.Duration
}

// NewMinRateWriter makes a PacedWriter.
func NewMinRateWriter(w http.ResponseWriter) *MinRateWriter {
	return NewMinRateWriterStall(w, StallTimeout)
}

// NewMinRateWriterStall makes one whose client may take nothing for at most so long.
func NewMinRateWriterStall(w http.ResponseWriter, most time.Duration) *MinRateWriter {
	return &MinRateWriter{w, http.NewResponseController(w), most, most}
}

// Write is io.Writer's. It sends parts, none of which may take all the time.
func (w *MinRateWriter) Write(p []byte) (n int, err error) {
	for err == nil && n < len(p) {
		var sent int
		sent, err = w.writePart(p[n:min(n+FullPiece, len(p))])
		n += sent
	}
	return n, err
}

func (w *MinRateWriter) writePart(p []byte) (n int, err error) {
	begun := time.Now()
	_ = w.connection.SetWriteDeadline(begun.Add(w.left))
	n, err = w.ResponseWriter.Write(p)
	earned := time.Duration(n) * time.Second / minRate
	w.left = min(w.left-time.Since(begun)+earned, w.stall)
	return n, err
}
