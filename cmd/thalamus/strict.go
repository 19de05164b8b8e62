// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// strictly makes browsers come by TLS only for a year (HSTS).
var strictly = []string{"max-age=31536000"}

// protect puts a server and its listeners behind TLS.
func (c *certificates) protect(server *http.Server, listeners []net.Listener, hsts bool, log *slog.Logger) {
	if hsts {
		server.Handler = c.strict(server.Handler)
	}
	for i, listener := range listeners {
		listeners[i] = c.listen(listener, log)
	}
}

// strict tells browsers so, where the certificate is one that they accept: with another
// they could not come back at all. The name localhost is other programs' as well.
func (c *certificates) strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.issued.Load() && !isLocalhost(r.Host) {
			w.Header()["Strict-Transport-Security"] = strictly
		}
		next.ServeHTTP(w, r)
	})
}

func isLocalhost(host string) bool {
	name := strings.ToLower((&url.URL{Host: host}).Hostname())
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}
