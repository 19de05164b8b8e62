// SPDX-License-Identifier: GPL-3.0-or-later

// Package api is the HTTP face of the federation: paths, methods, JSON, errors.
// It decides who may ask, hands the question to the store, and says what the
// answer is called in HTTP.
package api

import (
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/limit"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// Options is what a Server is made of.
type Options struct {
	Store          *store.DB
	Verifier       *auth.Verifier
	Passwords      record.Passwords
	Policy         *access.Policy
	MaxBody        int64          // bytes of a JSON body
	MaxElements    int            // keys and array elements of a record
	MaxDocument    int64          // bytes of a document
	Memory         int64          // bytes of bodies and of pieces of lists, of all requests together
	MaxGrowth      int64          // bytes that an account may add to the database within an hour
	CORSOrigins    []string       // "*" or origins as browsers write them
	SearchFields   []string       // keys of persons that a search may compare
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Record         Recorder       // nil: no access record is kept
	Written        func()         // called after each write, and must not wait; nil: nobody needs to know
	Log            *slog.Logger
	Version        string
}

// Server answers the federation's requests. It is an http.Handler.
type Server struct {
	*Feed
	options Options
	rows    []Row
	places  places
	policy  atomic.Pointer[access.Policy]
	handler http.Handler
	memory  *limit.Budget
	grown   *limit.Growth
	lists   limit.Places // of long lists

	proxyWarning sync.Once
}

// New makes a Server. It starts nothing.
func New(o Options) *Server {
	s := &Server{options: o, Feed: newFeed(o.Store), memory: limit.NewBudget(o.Memory, memoryTime)}
	s.grown = limit.NewGrowth(o.MaxGrowth, growthSpan, growthAccounts)
	s.rows = append(rows(o), s.Feed.rows()...)
	s.places = newPlaces(s.rows)
	s.SetPolicy(o.Policy)
	s.handler = behindProxies(o.TrustedProxies, s.event(s.browser(http.HandlerFunc(s.route))))
	return s
}

// ServeHTTP is http.Handler's.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// SetPolicy replaces who may do what, from the next request on.
func (s *Server) SetPolicy(p *access.Policy) {
	s.policy.Store(p)
	s.Recheck("")
}
