// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"net/netip"

	"github.com/go-chi/chi/v5/middleware"
)

// behindProxies makes from believe the X-Forwarded-For of these proxies.
func behindProxies(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	trusted := make([]string, len(proxies))
	for i, proxy := range proxies {
		trusted[i] = proxy.String()
	}
	return middleware.ClientIPFromXFF(trusted...)(next)
}

// from is the address of who is asking: behind trusted proxies the last one of
// X-Forwarded-For that is not theirs, else the peer's.
func from(r *http.Request) netip.Addr {
	if forwarded := middleware.GetClientIPAddr(r.Context()); forwarded.IsValid() {
		return forwarded
	}
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	return peer.Addr().Unmap()
}
