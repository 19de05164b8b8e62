// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"context"
	"slices"
	"strings"
)

// encryption checks that no password crosses a network in plain text.
func encryption(_ context.Context, s Site) ([]Finding, error) {
	const remedy = "Set server.tls_cert and server.tls_key."
	switch {
	case s.Exposed != nil:
		return fault("The server does not start: "+s.Exposed.Error()+".", remedy), nil
	case s.Cert != "":
		return passed("%s speaks TLS.", s.Listen), nil
	case !s.AllowPlaintext:
		return passed("%s is reached from this machine only, without TLS.", s.Listen), nil
	case s.Proxied:
		return passed("%s is for the proxies in server.trusted_proxies, without TLS.", s.Listen), nil
	}

	return warning("Passwords and records cross the network as they are: server.allow_plaintext is set, and "+s.Listen+" has no certificate.",
		remedy+" If a proxy in front does TLS, name it in server.trusted_proxies."), nil
}

// origins checks which web sites' pages may use the server (CORS).
func origins(_ context.Context, s Site) ([]Finding, error) {
	switch {
	case slices.Contains(s.Origins, "*"):
		return warning("Pages of every web site may use this server, with a password that somebody types there.",
			"List in server.cors_origins the sites that may; [] is none, and apps on phones need none."), nil
	case len(s.Origins) == 0:
		return passed("No other web site's pages may use this server."), nil
	}
	return passed("The pages of these web sites may use this server: %s.", strings.Join(s.Origins, ", ")), nil
}
