// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	corsMethods = "GET, HEAD, POST, PATCH, DELETE, OPTIONS"
	corsHeaders = "Authorization, Content-Type, If-Match, If-None-Match, Range, Last-Event-ID, Accept, Purpose-Of-Use"
	corsExposed = "ETag, Link, Location, X-Request-Id, Retry-After, Content-Disposition, Thalamus-Withheld"
	corsMaxAge  = "600" // seconds; browsers ask again after it
)

// allowOrigin lets scripts of the configured origins read the reply, never with the
// credentials of the browser itself. Other clients name no origin, and have no such headers.
func (g *Gate) allowOrigin(w http.ResponseWriter, r *http.Request) {
	header, origin := w.Header(), r.Header.Get("Origin")
	allowed := origin
	if slices.Contains(g.options.CORSOrigins, "*") {
		allowed = "*"
	} else {
		header.Add("Vary", "Origin")
	}

	if origin != "" && slices.Contains(g.options.CORSOrigins, allowed) {
		header.Set("Access-Control-Allow-Origin", allowed)
		header.Set("Access-Control-Expose-Headers", corsExposed)
	}
}

// isPreflight reports whether a browser asks for the rights of a script of another origin.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

func answerPreflight(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Access-Control-Allow-Methods", corsMethods)
	header.Set("Access-Control-Allow-Headers", corsHeaders)
	header.Set("Access-Control-Max-Age", corsMaxAge)
	header.Set("Allow", corsMethods)
	w.WriteHeader(http.StatusNoContent)
}

// isCrossSite reports whether a browser sends the request for another origin's
// page. Clients that are not browsers send neither header.
func isCrossSite(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site != "same-origin" && site != "none"
	}

	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}

	from, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(from.Host, r.Host)
}

// isFormLike reports whether an HTML form could send the request, so that the browser sent
// no preflight before.
func isFormLike(r *http.Request) bool {
	if r.Method != http.MethodPost && r.Method != http.MethodPatch {
		return false
	}

	essence, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(essence)) {
	case "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data":
		return true
	}

	return false
}
