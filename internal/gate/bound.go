// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"io"
	"net/http"
	"strings"
	"time"

	"thalamus/internal/fed"
)

// How long a client may take for its body. Its time is none of the request's patience.
const (
	bodyTime    = time.Minute      // a JSON body on its way in
	stallTime   = 30 * time.Second // no byte of a body arrives
	longestBody = 30 * time.Minute // a document on its way in
	MemoryTime  = 5 * time.Second  // waiting for memory
)

// Pace is how long the bodies of a route's requests may be on their way in.
type Pace int

// The paces.
const (
	Instant Pace = iota // there is none
	Brief               // a record
	Flowing             // a document, as long as bytes move
)

// bound sets the deadlines of a request's body. Those of replies are the http.Server's,
// until a PacedWriter moves them on.
func (g *Gate) bound(p Pace, w http.ResponseWriter, r *http.Request) {
	if p == Instant || r.Body == http.NoBody {
		return
	}
	until, connection := time.Now().Add(bodyTime), http.NewResponseController(w)
	if p == Flowing {
		until = time.Now().Add(longestBody)
		_ = connection.SetWriteDeadline(until.Add(g.options.Patience + SlowestTime))
	}
	r.Body = &pacedBody{ReadCloser: r.Body, connection: connection, until: until, patience: &eventOf(r).patience}
}

// pacedBody gives up on a client that stalls, or drips, once and for all.
type pacedBody struct {
	io.ReadCloser
	connection *http.ResponseController
	until      time.Time
	patience   *patience // of the request
	asked      bool      // something of it was wanted
	err        error
}

// Read is io.Reader's.
func (b *pacedBody) Read(p []byte) (n int, err error) {
	b.asked = true
	if b.err != nil {
		return 0, b.err
	}
	deadline := time.Now().Add(stallTime)
	if deadline.After(b.until) {
		deadline = b.until
	}
	_ = b.connection.SetReadDeadline(deadline)
	b.patience.pause()
	n, b.err = b.ReadCloser.Read(p)
	b.patience.resume()
	if b.err != nil { // net/http goes on reading to notice a client that leaves
		_ = b.connection.SetReadDeadline(time.Time{})
	}
	return n, b.err
}

// hurry gives the rest of a body no more than this time.
func (b *pacedBody) hurry(most time.Duration) {
	if until := time.Now().Add(most); until.Before(b.until) {
		b.until = until
	}
}

// refuseEncoding refuses a body in an encoding that we do not read.
func refuseEncoding(r *http.Request) error {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fed.Errorf(fed.Unsupported, "Send the body without Content-Encoding.")
	}
	return nil
}
