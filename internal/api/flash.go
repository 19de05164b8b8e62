// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/gate"
)

// flashCookie carries a flash message: the next page says once, within a minute, that a password
// was changed. It holds no secret and no name.
const flashCookie = "thalamus_password"

func newFlashCookie(c *gate.Caller, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // there may be no TLS, and nothing to protect
		Name: flashCookie, Value: "changed", Path: c.Path(""), MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// setFlash makes the next page of the browser say that a password was changed.
func setFlash(w http.ResponseWriter, c *gate.Caller) { http.SetCookie(w, newFlashCookie(c, 60)) }

// takeFlash reports whether this page has to say that, and deletes the cookie.
func takeFlash(w http.ResponseWriter, r *http.Request, c *gate.Caller) bool {
	w.Header().Add("Vary", "Cookie")
	if _, err := r.Cookie(flashCookie); err != nil {
		return false
	}

	w.Header().Set("Cache-Control", "no-store")
	http.SetCookie(w, newFlashCookie(c, -1))
	return true
}
