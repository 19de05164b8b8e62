// SPDX-License-Identifier: GPL-3.0-or-later

// Package gate is where every request comes in: it finds the row of the route table,
// authenticates and authorises the Caller, and is the only place that answers with an
// error. The rows are the faces' own. The faces share the reading of bodies, the
// conditional requests, the paging and the writing of lists and replies.
package gate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/audit"
	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/limit"
	"thalamus/internal/store"
	"thalamus/internal/web"
)

// Handler answers a request of a caller who may ask. An error that it returns
// becomes the reply.
type Handler func(w http.ResponseWriter, r *http.Request, c *Caller) error

// Row is one row of the route table.
type Row struct {
	Method      string
	Pattern     string
	Endpoint    access.Endpoint   // which roles.cfg must grant; access.Public needs no grant
	Besides     []access.Endpoint // which it must grant, too, and which have lines of their own in the access record
	Subject     Subject
	Lookup      Lookup // with OfLookup
	Face        Face   // one for all rows of a pattern
	BodyTimeout BodyTimeout
	Handle      Handler
	Parameters  []Rule // of the query, by name
	Grant       string // the method that roles.cfg must grant; "": Method
	Draft       bool   // of the portal: a form that comes after the end of the session is kept
}

// granted is the method that roles.cfg must grant.
func (r *Row) granted() string { return cmp.Or(r.Grant, r.Method) }

// reads reports whether the requests of a row only read: by their method, or as a search by POST
// that needs the grant to read.
func (r *Row) reads() bool { return r.Method == http.MethodGet || r.granted() == http.MethodGet }

// Takes gives the row with parameters.
func (r Row) Takes(parameters []Rule) Row {
	r.Parameters = parameters
	return r
}

// Subject says where the requests of a row name the person whom they are about.
type Subject int

// The subjects. A request without the filter is about nobody.
const (
	Nobody    Subject = iota
	OfPath            // {person} in the pattern
	OfFilter          // person= in the query
	OfCaller          // the caller
	Everybody         // takes a role that reaches everybody
	OfLookup          // as the row's Lookup finds out
)

// Lookup finds the person whom a request is about, as stored, where the path or the query have
// ids of another form. "" is nobody who is known: only a role that reaches everybody comes in then, so
// that a refusal does not tell whether there is such a record. It reads a body after Caller.LimitBody.
type Lookup func(w http.ResponseWriter, r *http.Request, c *Caller) (person string, err error)

// Face is the form of errors, and how callers say who they are.
type Face int

// The faces.
const (
	JSON Face = iota
	HTML
	Pages // of the portal, for people who have signed in
	FHIR
)

// Options are those of a Gate.
type Options struct {
	Sizes

	Verifier       *auth.Verifier
	Policy         *access.Policy
	StoredID       StoredID
	Withholds      Withholds
	Openings       Openings
	Acts           Acts            // nil: nobody acts for anybody
	CountPrivate   func(bool)      // told whether private pages are withheld, as the roles file has it; nil: nobody is
	Timeout        time.Duration   // of a request until its reply begins, without the time of others
	Memory         int64           // bytes of bodies and of pieces of lists, of all requests together
	MaxGrowth      int64           // bytes that an account may add to the database within an hour
	CORSOrigins    []string        // "*" or origins as browsers write them
	TrustedProxies []netip.Prefix  // whose X-Forwarded-For and X-Forwarded-Prefix are believed
	BasePath       string          // that a proxy puts before this hub's paths; "": none, or as a trusted proxy says
	Site           web.Site        // for the pages for people; without the prefix
	Portal         Portal          // nil: there are no rows of it
	Record         audit.Recorder  // nil: no access record is kept
	Replicas       *store.Replicas // which requests that read may read; nil: none
	Written        func()          // called after each write, and must not wait; nil: it is not needed
	Observe        Observer        // told of each request at its end; nil: nobody is
	Log            *slog.Logger
}

// Sizes are the limits of records and documents.
type Sizes struct {
	MaxBody     int64 // bytes of a JSON body
	MaxElements int   // keys and array elements of a record
	MaxDocument int64 // bytes of a document
}

// StoredID gives the id that a person is stored under: text, or else upper, or else text.
type StoredID func(ctx context.Context, text, upper string) (string, error)

// Withholds reports whether a reader is to be told that pages of a person's book are withheld.
type Withholds func(ctx context.Context, reader fed.Reader, person string) (bool, error)

// Openings gives the books that an account has open in an emergency.
type Openings func(ctx context.Context, q store.OpeningQuery) ([]fed.Opening, error)

// Acts reports whether an account acts for a person, and so reads as that person.
type Acts func(ctx context.Context, account, person string) (bool, error)

// Gate lets requests through to the rows of the route table. It is an http.Handler.
type Gate struct {
	options     Options
	rows        []Row
	routes      routes
	policy      atomic.Pointer[access.Policy]
	handler     http.Handler
	memory      *limit.Budget
	growthQuota *limit.Quota
	lists       limit.Semaphore // of long lists
	inFlight    atomic.Int64

	refusals     refusals
	errorSampler errorSampler

	proxyWarning sync.Once
}

// New makes a Gate before these rows. It starts nothing.
func New(o Options, rows []Row) *Gate {
	o.BasePath = readPrefix(o.BasePath)
	g := &Gate{options: o, rows: rows, routes: newRoutes(rows), memory: limit.NewBudget(o.Memory, MemoryTimeout)}
	g.refusals.counts, g.refusals.repeated = map[refusal]*refusalCount{}, map[Refused]uint64{}
	g.errorSampler.samples = map[string]*errorSample{}
	g.growthQuota = limit.NewQuota(o.MaxGrowth, growthWindow, maxGrowthAccounts)
	g.SetPolicy(o.Policy)
	g.handler = trustProxies(o.TrustedProxies, g.withEvent(http.HandlerFunc(g.serveRoute)))
	return g
}

// ServeHTTP is http.Handler's.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.handler.ServeHTTP(w, r) }

// SetPolicy replaces the roles file, from the next request on. Private pages are withheld where there is a way through.
func (g *Gate) SetPolicy(p *access.Policy) {
	g.policy.Store(p)
	if g.options.CountPrivate != nil {
		g.options.CountPrivate(p.OpensBooks())
	}
}

// withEvent is the outermost handler: request id, recovery from panics, the line in the log.
func (g *Gate) withEvent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ev := g.newEvent(w, r)
		g.inFlight.Add(1)
		r = r.WithContext(ev)
		defer g.endEvent(ev, r)

		applyOverride(r)
		ev.method = r.Method
		g.warnOfProxy(r)
		w.Header()["X-Request-Id"] = []string{ev.caller.Request}
		w.Header()["X-Content-Type-Options"] = nosniff
		next.ServeHTTP(ev, r)
	})
}

// endEvent is deferred: it answers a request whose handler panicked, and writes the line
// of the log.
func (g *Gate) endEvent(ev *event, r *http.Request) {
	fault := recover()
	ev.left = ev.client.Err() != nil
	g.replyToPanic(ev, r, fault)
	g.failUnrecorded(ev, r)

	ev.duration = time.Since(ev.started)
	g.logRequest(ev)
	g.logRefusals(ev)
	g.observe(ev)
	ev.releaseRouting()
	ev.ResponseWriter = nil // a connection of the database keeps its last context, and so the bytes of a form with a password

	if fault != nil && (fault == http.ErrAbortHandler || ev.err == errCutOff) { //nolint:errorlint // net/http compares so, too
		panic(http.ErrAbortHandler)
	}
}

// errCutOff marks a reply that a panic ended after it had begun.
var errCutOff = errors.New("panic after the reply had begun")

// replyToPanic answers a request whose handler panicked.
func (g *Gate) replyToPanic(w http.ResponseWriter, r *http.Request, fault any) {
	if fault == nil || fault == http.ErrAbortHandler { //nolint:errorlint // net/http compares so, too
		return
	}

	ev := eventOf(r)
	g.options.Log.Error("panic", "request", ev.caller.Request, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
	if ev.status != 0 {
		ev.err = errCutOff
		return
	}

	g.fail(w, r, fmt.Errorf("panic: %v", fault))
}
