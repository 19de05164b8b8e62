// SPDX-License-Identifier: GPL-3.0-or-later

package monitor

import (
	"context"
	"net/http"
	"net/http/pprof"
)

// maxProfiles is how many are made at a time: each costs the hub some of its time.
const maxProfiles = 2

// handleProfiles adds those of net/http/pprof. None has contents of memory.
func handleProfiles(mux *http.ServeMux) {
	slots := make(chan struct{}, maxProfiles)
	for path, profile := range map[string]http.HandlerFunc{
		"": pprof.Index, "cmdline": pprof.Cmdline, "profile": pprof.Profile, "symbol": pprof.Symbol, "trace": pprof.Trace,
	} {
		mux.Handle("GET /debug/pprof/"+path, atMost(slots, profile))
	}
}

// atMost refuses requests while as many are answered as there are slots, and ends each after a while.
func atMost(slots chan struct{}, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case slots <- struct{}{}:
		default:
			w.Header().Set("Retry-After", "10")
			http.Error(w, "Other profiles are being made; try again.", http.StatusServiceUnavailable)
			return
		}
		defer func() { <-slots }()

		ctx, cancel := context.WithTimeout(r.Context(), profileTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
