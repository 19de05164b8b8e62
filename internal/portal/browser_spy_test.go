// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"strings"
	"sync"

	"thalamus/internal/testhub"
)

// spied is a request as it reached the hub from a browser.
type spied struct {
	method, path string
	status       int
	signedIn     bool // with the cookie of a session
}

// spy stands before a hub and writes down what comes.
type spy struct {
	hub    *testhub.Hub
	silent bool // as if browsers did not say whose page a request is of

	mu   sync.Mutex
	seen []spied
}

// ServeHTTP is http.Handler's.
func (s *spy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.silent {
		r.Header.Del("Sec-Fetch-Site")
	}
	noted := &noting{w, http.StatusOK}
	s.hub.Gate.ServeHTTP(noted, r)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, spied{r.Method, r.URL.Path, noted.status, strings.Contains(r.Header.Get("Cookie"), "thalamus=")})
}

// take gives what has come since it was last called.
func (s *spy) take() []spied {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

type noting struct {
	http.ResponseWriter
	status int
}

// WriteHeader is http.ResponseWriter's.
func (w *noting) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *noting) Unwrap() http.ResponseWriter { return w.ResponseWriter }
