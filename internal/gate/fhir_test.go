// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestAURLIsTheOneByWhichTheClientCame(t *testing.T) {
	g := New(Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}, BasePath: "/hub"}, nil)
	for _, c := range []struct {
		peer        string
		tls         bool
		proto, host string
		want        string
	}{
		{"198.51.100.7:1", false, "", "", "http://example.com/hub/a%2Fb"}, {"198.51.100.7:1", true, "", "", "https://example.com/hub/a%2Fb"},
		{"198.51.100.7:1", false, "https", "evil.example", "http://example.com/hub/a%2Fb"}, {"192.0.2.1:1", false, "https", "", "https://example.com/hub/a%2Fb"},
		{"192.0.2.1:1", false, "https", "fhir.example.org:8443", "https://fhir.example.org:8443/hub/a%2Fb"}, {"192.0.2.1:1", true, "http", "", "http://example.com/hub/a%2Fb"},
		{"192.0.2.1:1", false, "gopher", `x"y`, "http://example.com/hub/a%2Fb"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com/", nil)
		r.RemoteAddr = c.peer
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		r.Header.Set("X-Forwarded-Proto", c.proto)
		r.Header.Set("X-Forwarded-Host", c.host)
		if got := URL(r, &Caller{gate: g, event: &event{prefix: g.prefix(r)}}, "a/b"); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestAClientAcceptsWhatItSays(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "*/*": true, "a/*": true, "a/b": true, "a/c": true, "a/d": false, "a/b;q=0": false, "a/b;q=0, a/c": true, "a/b;q=0, */*": true, "x, a/b": true,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Accept", accept)
		if got := Accepts(r, "a/b", "a/c"); got != want {
			t.Errorf("%s: %v", accept, got)
		}
	}
	if r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil); !Accepts(r, "a/b") {
		t.Error("a client that says nothing takes nothing")
	}
}
