// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"
)

// badNetwork is between a client and its hub: it refuses some requests, and loses the answer
// to others, which the hub has given.
type badNetwork struct {
	*httptest.Server
	t        *testing.T
	requests chan struct{} // one for each
}

func newBadNetwork(t *testing.T, hub string) *badNetwork {
	n := &badNetwork{t: t, requests: make(chan struct{}, 10_000)}
	way := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: hub})
	way.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	refused := map[int]int{3: http.StatusTooManyRequests, 5: http.StatusServiceUnavailable, 23: http.StatusGatewayTimeout}
	count := make(chan int, 1)
	count <- 0
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nth := <-count
		count <- nth + 1
		n.requests <- struct{}{}
		status := refused[nth%25]
		switch {
		case status != 0:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(status)
		case nth%25 == 7:
			way.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		default:
			way.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(n.Close)
	return n
}

// after waits for so many requests from now on.
func (n *badNetwork) after(requests int) {
	n.t.Helper()
	for len(n.requests) > 0 {
		<-n.requests
	}
	for range requests {
		select {
		case <-n.requests:
		case <-time.After(patience):
			n.t.Fatal("the client asks no more")
		}
	}
}
