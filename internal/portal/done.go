// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"

	"thalamus/internal/gate"
)

// doneCookie has the next page say once, within a minute, what was done. It holds a key of the
// catalogue that begins with "done.", no secret and no name.
func doneCookie(c *gate.Caller, key string, maxAge int) *http.Cookie {
	return portalCookie(c, "__Secure-thalamus-done", key, maxAge)
}

// done answers a form that was taken: the browser goes to a page of the portal, which says
// what was done.
func (p *Portal) done(w http.ResponseWriter, r *http.Request, c *gate.Caller, key, next string) error {
	if err := p.dropDraft(r, c); err != nil {
		c.Note(err) // what was asked for is done
	}

	seeDone(w, c, key, next)
	return nil
}

// seeDone leads to a page that says what was done.
func seeDone(w http.ResponseWriter, c *gate.Caller, key, next string) {
	http.SetCookie(w, doneCookie(c, key, 60))
	seeOther(w, c, next)
}

// takeDone gives what the page has to say, and deletes the cookie.
func takeDone(w http.ResponseWriter, r *http.Request, c *gate.Caller) message {
	cookie, err := r.Cookie(doneCookie(c, "", 0).Name)
	if err != nil {
		return message{}
	}

	http.SetCookie(w, doneCookie(c, "", -1))
	if _, known := offered[0].texts[cookie.Value]; !known || !strings.HasPrefix(cookie.Value, "done.") {
		return message{}
	}
	return say(cookie.Value)
}
