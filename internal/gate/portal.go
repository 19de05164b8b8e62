// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"math"
	"net/http"
)

// PortalPath is where the paths of the portal begin.
const PortalPath = "/portal/"

// Portal lets people in who come with a browser, and tells them of errors in its pages.
type Portal interface {
	// Enter makes the account of a request's session the caller. Unauthenticated: there is
	// no session, or it has ended.
	Enter(row *Row, w http.ResponseWriter, r *http.Request, c *Caller) error

	// Fail answers with an error, of which a person reads.
	Fail(w http.ResponseWriter, r *http.Request, c *Caller, err error)
}

var crossOrigin http.CrossOriginProtection

// isForeign reports whether a request that writes comes from another site's page, or says
// nothing of that: each browser that keeps the cookie does.
func isForeign(r *http.Request) bool {
	if isReading(r.Method) || r.Method == http.MethodOptions {
		return false
	}
	silent := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
	return silent || crossOrigin.Check(r) != nil
}

// Description is what a caller may know of an error.
type Description struct {
	Status   int
	Sentence string
	Wait     int // in seconds, after which it may be better; 0: nobody knows
}

// Describe describes an error.
func Describe(err error) Description {
	kind, sentence, wait := describe(err)
	return Description{failures[kind].Status, sentence, int(math.Ceil(wait.Seconds()))}
}

// Refuse describes an error that a form tells of, in place of a page about it. The log has the
// error, and the reply says when to try again.
func (c *Caller) Refuse(w http.ResponseWriter, err error) Description {
	c.Note(err)
	kind, _, wait := describe(err)
	setRetryAfter(w.Header(), kind, wait)
	return Describe(err)
}
