// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/gate"
)

// changedCookie says to the next page that a password was changed, for a minute and once. It
// has no secret in it, and nobody's name.
const changedCookie = "thalamus_password"

func markChanged(c *gate.Caller, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // there may be no TLS, and nothing to protect
		Name: changedCookie, Value: "changed", Path: c.Path(""), MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// sayChanged has the page that the browser is sent to next say so.
func sayChanged(w http.ResponseWriter, c *gate.Caller) { http.SetCookie(w, markChanged(c, 60)) }

// takeChanged reports whether this page has to say so, and takes the cookie away.
func takeChanged(w http.ResponseWriter, r *http.Request, c *gate.Caller) bool {
	w.Header().Add("Vary", "Cookie")
	if _, err := r.Cookie(changedCookie); err != nil {
		return false
	}
	w.Header().Set("Cache-Control", "no-store")
	http.SetCookie(w, markChanged(c, -1))
	return true
}
