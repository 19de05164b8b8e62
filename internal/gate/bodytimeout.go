// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"io"
	"net/http"
	"strings"
	"time"

	"thalamus/internal/fed"
)

// How long a client may take for its body. The request's timeout does not count this time.
const (
	shortBodyTimeout = time.Minute      // a JSON body on its way in
	bodyStallTimeout = 30 * time.Second // no byte of a body arrives
	longBodyTimeout  = 30 * time.Minute // a document on its way in
	MemoryTimeout    = 5 * time.Second  // waiting for memory
)

// BodyTimeout is how long the bodies of a route's requests may be on their way in.
type BodyTimeout int

// The timeouts.
const (
	NoBody    BodyTimeout = iota // the route reads no body
	ShortBody                    // a record
	LongBody                     // a document, as long as bytes move
)

// setBodyTimeout sets the deadlines of a request's body. Those of replies are the
// http.Server's, until a MinRateWriter moves them on.
func (g *Gate) setBodyTimeout(p BodyTimeout, w http.ResponseWriter, r *http.Request) {
	if p == NoBody || r.Body == http.NoBody {
		return
	}

	until, connection := time.Now().Add(shortBodyTimeout), http.NewResponseController(w)
	if p == LongBody {
		until = time.Now().Add(longBodyTimeout)
		_ = connection.SetWriteDeadline(until.Add(g.options.Timeout + StallTimeout))
	}

	r.Body = &timeoutBody{ReadCloser: r.Body, connection: connection, until: until, timeout: &eventOf(r).timeout}
}

// timeoutBody is a body that ends with an error when the client stalls, or takes too long.
// It gives that error from then on.
type timeoutBody struct {
	io.ReadCloser
	connection *http.ResponseController
	until      time.Time
	timeout    *requestTimeout // of the request
	read       bool            // a Read was called
	err        error
}

// Read is io.Reader's.
func (b *timeoutBody) Read(p []byte) (n int, err error) {
	b.read = true
	if b.err != nil {
		return 0, b.err
	}

	deadline := time.Now().Add(bodyStallTimeout)
	if deadline.After(b.until) {
		deadline = b.until
	}

	_ = b.connection.SetReadDeadline(deadline)

	b.timeout.pause()
	n, b.err = b.ReadCloser.Read(p)
	b.timeout.resume()

	if b.err != nil { // net/http goes on reading to notice a client that leaves
		_ = b.connection.SetReadDeadline(time.Time{})
	}

	return n, b.err
}

// shorten gives the rest of a body no more than this time.
func (b *timeoutBody) shorten(most time.Duration) {
	if until := time.Now().Add(most); until.Before(b.until) {
		b.until = until
	}
}

// refuseEncoding refuses a body with a Content-Encoding, which the hub does not read.
func refuseEncoding(r *http.Request) error {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fed.Errorf(fed.Unsupported, "Send the body without Content-Encoding.")
	}
	return nil
}
