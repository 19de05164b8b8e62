// SPDX-License-Identifier: GPL-3.0-or-later

// Package gate is where every request comes in, whatever it is for: it finds the row of
// the route table, finds out who asks, lets that Caller in or not, and is the only
// place that answers with an error. The rows are the faces' own, which share here how
// bodies are read and replies written.
package gate

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"

	"thalamus/internal/access"
	"thalamus/internal/audit"
	"thalamus/internal/auth"
	"thalamus/internal/limit"
)

// Options is what a Gate is made of.
type Options struct {
	Verifier       *auth.Verifier
	Policy         *access.Policy
	StoredID       StoredID
	MaxBody        int64          // bytes of a JSON body
	MaxElements    int            // keys and array elements of a record
	MaxDocument    int64          // bytes of a document
	Memory         int64          // bytes of bodies and of pieces of lists, of all requests together
	MaxGrowth      int64          // bytes that an account may add to the database within an hour
	CORSOrigins    []string       // "*" or origins as browsers write them
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Record         audit.Recorder // nil: no access record is kept
	Written        func()         // called after each write, and must not wait; nil: nobody needs to know
	Log            *slog.Logger
}

// StoredID gives the id that a person is stored under: text, or else upper, or else text.
type StoredID func(ctx context.Context, text, upper string) (string, error)

// Gate lets requests through to the rows of the route table. It is an http.Handler.
type Gate struct {
	options Options
	places  places
	policy  atomic.Pointer[access.Policy]
	handler http.Handler
	memory  *limit.Budget
	grown   *limit.Growth
	lists   limit.Places // of long lists

	proxyWarning sync.Once
}

// New makes a Gate before these rows. It starts nothing.
func New(o Options, rows []Row) *Gate {
	g := &Gate{options: o, places: newPlaces(rows), memory: limit.NewBudget(o.Memory, MemoryTime)}
	g.grown = limit.NewGrowth(o.MaxGrowth, growthSpan, growthAccounts)
	g.SetPolicy(o.Policy)
	g.handler = behindProxies(o.TrustedProxies, g.event(g.browser(http.HandlerFunc(g.route))))
	return g
}

// ServeHTTP is http.Handler's.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.handler.ServeHTTP(w, r) }

// SetPolicy replaces who may do what, from the next request on.
func (g *Gate) SetPolicy(p *access.Policy) { g.policy.Store(p) }
