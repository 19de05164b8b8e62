// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/gate"
)

// flashCookie says to the next page that a password was changed, for a minute and once. It
// has no secret in it, and nobody's name.
const flashCookie = "thalamus_password"

func newFlashCookie(c *gate.Caller, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // there may be no TLS, and nothing to protect
		Name: flashCookie, Value: "changed", Path: c.Path(""), MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// setFlash has the page that the browser is sent to next say so.
func setFlash(w http.ResponseWriter, c *gate.Caller) { http.SetCookie(w, newFlashCookie(c, 60)) }

// takeFlash reports whether this page has to say so, and takes the cookie away.
func takeFlash(w http.ResponseWriter, r *http.Request, c *gate.Caller) bool {
	w.Header().Add("Vary", "Cookie")
	if _, err := r.Cookie(flashCookie); err != nil {
		return false
	}

	w.Header().Set("Cache-Control", "no-store")
	http.SetCookie(w, newFlashCookie(c, -1))
	return true
}
