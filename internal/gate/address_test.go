// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// behind is a server without a database, which trusts these proxies.
func behind(t *testing.T, proxies ...netip.Prefix) *hub {
	t.Helper()
	policy, _, err := access.Load("../../etc/roles.cfg")
	if err != nil {
		t.Fatal(err)
	}

	h := &hub{&testhub.Hub{T: t, Log: &testhub.LogBuffer{}}}
	h.Gate = gate.New(gate.Options{Policy: policy, TrustedProxies: proxies, Log: slog.New(slog.NewTextHandler(h.Log, nil))}, nil)
	return h
}

// fromPeer sends a request as if this peer had connected, and gives the address that
// the log names.
func (h *hub) fromPeer(peer, forwarded string) string {
	h.T.Helper()
	r := httptest.NewRequestWithContext(h.T.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = peer

	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}

	before := len(h.Log.String())
	h.Gate.ServeHTTP(httptest.NewRecorder(), r)
	_, from, _ := strings.Cut(h.Log.String()[before:], " from=")
	return strings.Fields(from)[0]
}

const disbelief = "X-Forwarded-For is not believed"

func TestXForwardedForCountsFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	lax, strict := behind(t), behind(t, netip.MustParsePrefix("10.1.0.0/16"))
	for _, c := range []struct {
		h               *hub
		peer, forwarded string
		want            string
	}{
		{lax, "127.0.0.1:5", "203.0.113.9", "127.0.0.1"},
		{lax, "[::1]:5", "203.0.113.9", "::1"},
		{lax, "10.1.2.3:5", "203.0.113.9", "10.1.2.3"},
		{strict, "10.1.2.3:5", "203.0.113.9", "203.0.113.9"},
		{strict, "10.1.2.3:5", "198.51.100.1, 203.0.113.9, 10.1.0.1", "203.0.113.9"},
		{strict, "127.0.0.1:5", "203.0.113.9", "127.0.0.1"},
		{strict, "10.2.2.3:5", "203.0.113.9", "10.2.2.3"},
	} {
		if got := c.h.fromPeer(c.peer, c.forwarded); got != c.want {
			t.Errorf("%s with %s is %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestTheLogWarnsOfAnUntrustedProxyOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		peer, forwarded string
		warnings        int
	}{
		{"127.0.0.1:5", "203.0.113.9", 1}, {"10.2.2.3:5", "203.0.113.9", 1}, {"[fd00::1]:5", "x", 1}, {"[fe80::1%eth0]:5", "x", 1},
		{"127.0.0.1:5", "", 0}, {"10.1.2.3:5", "203.0.113.9", 0}, {"203.0.113.7:5", "203.0.113.9", 0},
	} {
		t.Run(c.peer, func(t *testing.T) {
			h := behind(t, netip.MustParsePrefix("10.1.0.0/16"))
			for range 3 {
				h.fromPeer(c.peer, c.forwarded)
			}

			if got := strings.Count(h.Log.String(), disbelief); got != c.warnings {
				t.Errorf("%s with %q: %d warnings, want %d", c.peer, c.forwarded, got, c.warnings)
			}
		})
	}
}
