// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// prefixForm is strict, for some proxies hand on what their clients say: with "//host" or
// "/..%2f" in it a reply would lead elsewhere.
var prefixForm = regexp.MustCompile(`^(/[A-Za-z0-9_~-]+)+/?$`)

// readPrefix reads a path that a proxy puts before this hub's own, like /thalamus; "" if it
// is none.
func readPrefix(text string) string {
	if !prefixForm.MatchString(text) {
		return ""
	}
	return strings.TrimSuffix(text, "/")
}

// prefix is the path before this hub's own ones as a request's client sees them: the
// configured one, or else the one that a trusted proxy forwards.
func (g *Gate) prefix(r *http.Request) string {
	forwarded := r.Header["X-Forwarded-Prefix"]
	if g.options.BasePath != "" || len(forwarded) != 1 || !g.trusts(peerAddress(r)) {
		return g.options.BasePath
	}
	return readPrefix(forwarded[0])
}

// trusts reports whether an address is a trusted proxy's.
func (g *Gate) trusts(peer netip.Addr) bool {
	return slices.ContainsFunc(g.options.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(peer) })
}

// Path joins segments to a path of this hub as the client must write it: escaped, and
// behind the prefix. Every path that a reply names is made here. Without segments it is
// the prefix.
func (c *Caller) Path(segments ...string) string { return c.event.prefix + join(segments) }

func join(segments []string) string {
	var b strings.Builder
	for _, segment := range segments {
		b.WriteString("/" + url.PathEscape(segment))
	}
	return b.String()
}

// hostForm is a host that a reply may repeat.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9.:\[\]_-]+$`)

// URL is Caller.Path as an absolute URL: for formats that want one.
func URL(r *http.Request, c *Caller, segments ...string) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}

	if c.gate.trusts(peerAddress(r)) {
		if proto := r.Header.Get("X-Forwarded-Proto"); proto == "http" || proto == "https" {
			scheme = proto
		}
		if forwarded := r.Header.Get("X-Forwarded-Host"); hostForm.MatchString(forwarded) {
			host = forwarded
		}
	}

	return scheme + "://" + host + c.Path(segments...)
}
