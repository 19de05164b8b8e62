// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"time"
)

// The slowest that a client may take a reply: a phone at the edge of its network stays, and
// a client that takes next to nothing is cut off. Time without anything to send does not
// count.
const (
	minRate      = 1 << 10 // bytes a second,
	StallTimeout = 2 * time.Minute
)

// MinRateWriter cuts off a reply that moves slower than minRate on an average of
// StallTimeout. Each byte that goes out gives the client time for another.
type MinRateWriter struct {
	http.ResponseWriter
	connection *http.ResponseController
	stall      time.Duration // that the client may take for nothing
	left       time.Duration
}

// NewMinRateWriter makes a MinRateWriter that allows a stall of StallTimeout.
func NewMinRateWriter(w http.ResponseWriter) *MinRateWriter {
	return NewMinRateWriterStall(w, StallTimeout)
}

// NewMinRateWriterStall makes one whose client may take nothing for at most this stall.
func NewMinRateWriterStall(w http.ResponseWriter, stall time.Duration) *MinRateWriter {
	return &MinRateWriter{w, http.NewResponseController(w), stall, stall}
}

// Write is io.Writer's. It sends parts, none of which may take all the time.
func (w *MinRateWriter) Write(p []byte) (n int, err error) {
	for n < len(p) {
		sent, err := w.writePart(p[n:min(n+FullPiece, len(p))])
		n += sent
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (w *MinRateWriter) writePart(p []byte) (n int, err error) {
	begun := time.Now()
	_ = w.connection.SetWriteDeadline(begun.Add(w.left))
	n, err = w.ResponseWriter.Write(p)

	earned := time.Duration(n) * time.Second / minRate
	w.left = min(w.left-time.Since(begun)+earned, w.stall)
	return n, err
}
