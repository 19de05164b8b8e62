// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"net/netip"

	"github.com/go-chi/chi/v5/middleware"
)

// trustProxies makes clientAddress read the X-Forwarded-For of these proxies.
func trustProxies(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}

	trusted := make([]string, len(proxies))
	for i, proxy := range proxies {
		trusted[i] = proxy.String()
	}

	return middleware.ClientIPFromXFF(trusted...)(next)
}

// warnOfProxy tells the administrator, once, of a peer that looks like a proxy and is not
// trusted: all its clients share one address, and so one limit of failed logins.
func (g *Gate) warnOfProxy(r *http.Request) {
	if r.Header["X-Forwarded-For"] == nil {
		return
	}

	peer := peerAddress(r)
	near := peer.IsLoopback() || peer.IsPrivate() || peer.IsLinkLocalUnicast()
	if !near || g.trusts(peer) {
		return
	}

	g.proxyWarning.Do(func() {
		g.options.Log.Warn("X-Forwarded-For is not believed: its sender is not in server.trusted_proxies; if that is a proxy, name it there, "+
			"for all its clients count as one address now", "peer", peer.String())
	})
}

// clientAddress is the address of the client: behind trusted proxies the last one of
// X-Forwarded-For that is not theirs, else the peer's.
func clientAddress(r *http.Request) netip.Addr {
	if forwarded := middleware.GetClientIPAddr(r.Context()); forwarded.IsValid() {
		return forwarded
	}
	return peerAddress(r)
}

// peerAddress is the address at the other end of the connection.
func peerAddress(r *http.Request) netip.Addr {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	return peer.Addr().Unmap().WithZone("")
}
