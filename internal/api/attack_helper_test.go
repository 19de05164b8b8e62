// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/http"
	"net/http/httptest"
)

// spied is a request as it reached the hub from a browser.
type spied struct {
	method, path string
	status       int
	authorized   bool // with the credentials that the browser remembers
}

// spyOn serves a hub at another address and tells of the requests there.
func spyOn(h *hub) (address string, requests chan spied) {
	h.T.Helper()
	requests = make(chan spied, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noted := &noting{w, http.StatusOK}
		h.Gate.ServeHTTP(noted, r)
		if r.URL.Path != "/favicon.ico" {
			requests <- spied{r.Method, r.URL.Path, noted.status, r.Header.Get("Authorization") != ""}
		}
	}))
	h.T.Cleanup(server.Close)
	return server.URL, requests
}

type noting struct {
	http.ResponseWriter
	status int
}

func (w *noting) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *noting) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// next waits for a request that the browser has sent.
func (b tab) next(requests chan spied) spied {
	b.T.Helper()
	select {
	case r := <-requests:
		return r
	case <-b.Done():
		b.T.Fatal("the browser sent nothing")
		return spied{}
	}
}

// loginAt makes the browser remember root's credentials, and proves that it
// does: it asks, is refused, and asks again with them.
func (b tab) loginAt(hub string, requests chan spied) {
	b.T.Helper()
	b.Login(hub, root)
	for r := b.next(requests); r.status != http.StatusOK; r = b.next(requests) {
		if r.path != "/login" {
			b.T.Fatalf("unexpected %v", r)
		}
	}
}

// hosts are names of the hub, as seen from a page on 127.0.0.1: another port of
// the same site, another site, and one where browsers send no Sec-Fetch-Site.
var hosts = []string{sameSite, "localhost", "hub.example"}

// sameSite is where browsers send what they remember even with the requests of
// another port's scripts. Forms take it everywhere.
const sameSite = "127.0.0.1"
