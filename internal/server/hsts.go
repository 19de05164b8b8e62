// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"net/http"
	"net/url"
	"strings"
)

// strictTransport makes browsers come by TLS only for a year (HSTS).
var strictTransport = []string{"max-age=31536000"}

// RequireTLS tells browsers to come by TLS only, where the certificate is one that they accept:
// with another they could not come back at all. The name localhost is other programs' as well.
func (s *HTTP) RequireTLS(accepted func() bool) {
	next := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if accepted() && !isLocalhost(r.Host) {
			w.Header()["Strict-Transport-Security"] = strictTransport
		}
		next.ServeHTTP(w, r)
	})
}

func isLocalhost(host string) bool {
	name := strings.ToLower((&url.URL{Host: host}).Hostname())
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}
