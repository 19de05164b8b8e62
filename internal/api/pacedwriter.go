// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"time"
)

// How slowly a client may take a reply: a phone at the edge of its network stays, and
// who takes next to nothing goes. Time in which there is nothing to send does not count.
const (
	slowestRate = 1 << 10 // bytes a second,
	slowestTime = 2 * time.Minute
)

// pacedWriter cuts off a reply that moves slower than slowestRate on an average of
// slowestTime. Each byte that goes out gives the client time for another.
type pacedWriter struct {
	http.ResponseWriter
	connection *http.ResponseController
	most       time.Duration // that the client may take for nothing
	left       time.Duration
}

func paced(w http.ResponseWriter) *pacedWriter {
	return &pacedWriter{w, http.NewResponseController(w), slowestTime, slowestTime}
}

// Write is io.Writer's. It sends parts, none of which may take all the time.
func (w *pacedWriter) Write(p []byte) (n int, err error) {
	for err == nil && n < len(p) {
		var sent int
		sent, err = w.writePart(p[n:min(n+fullList, len(p))])
		n += sent
	}
	return n, err
}

func (w *pacedWriter) writePart(p []byte) (n int, err error) {
	begun := time.Now()
	_ = w.connection.SetWriteDeadline(begun.Add(w.left))
	n, err = w.ResponseWriter.Write(p)
	earned := time.Duration(n) * time.Second / slowestRate
	w.left = min(w.left-time.Since(begun)+earned, w.most)
	return n, err
}
