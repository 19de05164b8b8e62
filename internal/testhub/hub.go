// SPDX-License-Identifier: GPL-3.0-or-later

// Package testhub starts whole hubs for tests, each with a database of its own, and asks
// them.
package testhub

import (
	"cmp"
	"context"
	"log/slog"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/api"
	"thalamus/internal/auth"
	"thalamus/internal/document"
	"thalamus/internal/feed"
	"thalamus/internal/fhir"
	"thalamus/internal/gate"
	"thalamus/internal/manual"
	"thalamus/internal/openapi"
	"thalamus/internal/portal"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// Options are those of the gate and of the resources behind it.
type Options struct {
	gate.Options
	Store        *store.DB
	Passwords    record.PasswordRules
	SearchFields []string
	Version      string
	Zone         *time.Location                  // of times without one, for FHIR; nil: UTC
	Pages        func(*portal.Portal) []gate.Row // rows of the portal besides its own; nil: none
	Plant        func(*gate.Row)                 // changes the rows, of all faces; nil: none
}

// Hub is a whole server with a database of its own.
type Hub struct {
	*httptest.Server
	T     testing.TB
	DB    *testdb.DB
	Log   *LogBuffer
	Gate  *gate.Gate
	Feed  *feed.Feed
	Inbox *document.Inbox
	Rows  []gate.Row // of programs, and of the manual
	FHIR  []gate.Row // of programs that speak FHIR
	Pages []gate.Row // of the portal

	Description *openapi.Description
	basePath    string
}

// New starts a server with the fixture's records and the shipped roles. Its database user has the
// rights that the manual tells to grant, and no others.
func New(t testing.TB, change ...func(*Options)) *Hub {
	t.Helper()
	return With(t, shippedRoles, change...)
}

// With is New with another roles file.
func With(t testing.TB, roles string, change ...func(*Options)) *Hub {
	t.Helper()
	return Serve(t, Fixture.Served(t), roles, change...)
}

const shippedRoles = "../../etc/roles.cfg"

// Quick is a hub whose accounts log in at next to no cost.
func Quick(t testing.TB, change ...func(*Options)) *Hub {
	t.Helper()
	return QuickWith(t, shippedRoles, change...)
}

// QuickWith is Quick with another roles file.
func QuickWith(t testing.TB, roles string, change ...func(*Options)) *Hub {
	t.Helper()
	return Serve(t, QuickFixture.Served(t), roles, append(change, Cheap)...)
}

// Cheap makes hashing and its decoys fast where a test is not about their cost.
func Cheap(o *Options) { o.Passwords.Cost = 4 }

// Serve starts a server on a database.
func Serve(t testing.TB, db *testdb.DB, roles string, change ...func(*Options)) *Hub {
	t.Helper()
	policy, _, err := access.Load(roles)
	if err != nil {
		t.Fatal(err)
	}

	o := Options{Store: db.DB, Passwords: record.PasswordRules{Cost: DefaultCost, MinLength: 8}, Version: "test"}
	o.Options = gate.Options{
		Policy: policy, Timeout: time.Minute, Memory: 256 << 20, MaxGrowth: 256 << 20, CORSOrigins: []string{"*"},
		Sizes: gate.Sizes{MaxBody: 8 << 20, MaxElements: testdb.MaxElements, MaxDocument: 32 << 20},
	}
	h := &Hub{T: t, DB: db, Log: &LogBuffer{}}
	o.Log = slog.New(slog.NewTextHandler(h.Log, nil))
	for _, c := range change {
		c(&o)
	}

	if o.Verifier == nil {
		o.Verifier, err = auth.NewVerifier(auth.Options{
			Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: o.Passwords.Cost,
			Remember: 10 * time.Minute, Workers: 2, Pause: gate.Pause,
		})
	}
	if err != nil {
		t.Fatal(err)
	}

	h.open(o)
	return h
}

// open puts the parts together, as the program does.
func (h *Hub) open(o Options) {
	h.Inbox = document.NewInbox(o.Sizes)
	h.Feed = feed.New(feed.Options{Store: o.Store, Log: o.Log})
	resources := api.Options{
		Store: o.Store, Verifier: o.Verifier, Passwords: o.Passwords, Inbox: h.Inbox, SearchFields: o.SearchFields, Version: o.Version,
		Unready: func() error { return nil },
	}
	h.FHIR = fhir.New(fhir.Options{Store: o.Store, Zone: cmp.Or(o.Zone, time.UTC), Version: o.Version}).Rows()
	h.Rows = slices.Concat(api.Rows(resources), h.Feed.Rows(), manual.Rows())
	h.basePath = o.BasePath
	h.describe(o)

	pages := portal.New(portal.Options{
		Store: o.Store, Verifier: o.Verifier, Passwords: o.Passwords, Limits: SessionLimits, Log: o.Log,
		Inbox: h.Inbox, SearchFields: o.SearchFields, ChangePassword: api.ChangePassword(resources),
		Zone: cmp.Or(o.Zone, time.UTC), Version: o.Version,
	})
	h.Pages, o.Portal = pages.Rows(), pages
	if o.Pages != nil {
		h.Pages = append(h.Pages, o.Pages(pages)...)
	}

	if o.Plant != nil {
		for _, rows := range [][]gate.Row{h.Rows, h.FHIR, h.Pages} {
			for i := range rows {
				o.Plant(&rows[i])
			}
		}
	}

	o.StoredID, o.Withholds, o.Acts = o.Store.StoredID, o.Store.Withholds, o.Store.Acts
	if o.Store != nil {
		o.Openings, o.CountPrivate = o.Store.Openings, o.Store.CountPrivate
	}
	h.Gate = gate.New(o.Options, h.Every())
	h.Server = httptest.NewUnstartedServer(h.Gate)
	h.Config.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelError)
	h.Start()
	h.T.Cleanup(h.Close)
	h.register()
}

// Every gives the whole route table.
func (h *Hub) Every() []gate.Row { return slices.Concat(h.Rows, h.FHIR, h.Pages) }

// WatchHealth keeps the store's knowledge of the database's health true until the test ends, as the program
// does. Without it the hub has one session of PostgreSQL fewer, and takes it that nothing can be written.
func (h *Hub) WatchHealth() {
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { h.DB.WatchHealth(ctx) })

	h.T.Cleanup(func() {
		cancel()
		watching.Wait()
	})
}

// SetPolicy replaces the policy of the running hub.
func (h *Hub) SetPolicy(p *access.Policy) {
	h.Gate.SetPolicy(p)
	h.Feed.Recheck("")
}
