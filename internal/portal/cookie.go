// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// secretSize is the bytes of chance in a cookie, and in a one-time link.
const secretSize = 32

// secret is what a browser knows of its session, and nobody else: the database has its
// SHA-256 only.
type secret [secretSize]byte

func newSecret() (s secret) {
	_, _ = rand.Read(s[:]) // which never fails
	return s
}

func (s secret) key() store.SessionKey { return sha256.Sum256(s[:]) }

// readSecret reads the cookie of a request.
func readSecret(r *http.Request, c *gate.Caller) (s secret, ok bool) {
	cookie, err := r.Cookie(sessionCookie(c, "", 0).Name)
	if err != nil {
		return s, false
	}
	return parseSecret(cookie.Value)
}

func parseSecret(text string) (s secret, ok bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(secretSize) {
		return s, false
	}

	n, err := base64.RawURLEncoding.Decode(s[:], []byte(text))
	return s, err == nil && n == secretSize
}

// sessionCookie is the cookie of a session. With a maxAge of 0 it ends with the browser's own
// session. Other programs of the same host get it only if the whole host is this hub's.
func sessionCookie(c *gate.Caller, value string, maxAge int) *http.Cookie {
	name, path := "__Host-thalamus", "/"
	if prefix := c.Path(); prefix != "" {
		name, path = "__Secure-thalamus", prefix+gate.PortalPath
	}
	return &http.Cookie{Name: name, Value: value, Path: path, MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// portalCookie is a cookie of the portal that is no secret.
func portalCookie(c *gate.Caller, name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: c.Path() + gate.PortalPath, MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func setSecret(w http.ResponseWriter, c *gate.Caller, s secret) {
	http.SetCookie(w, sessionCookie(c, base64.RawURLEncoding.EncodeToString(s[:]), 0))
}

func deleteSecret(w http.ResponseWriter, c *gate.Caller) { http.SetCookie(w, sessionCookie(c, "", -1)) }
