// SPDX-License-Identifier: GPL-3.0-or-later

// Package portal is the face that people see in a browser, under /portal/: pages of HTML,
// without script, in several languages. A person signs in with a form; the session lasts in
// a cookie and a row of the database. Each screen is a handler in a file of its own, a
// template of the same name, and rows of the route table with the endpoints that it reads.
package portal

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/chart"
	"thalamus/internal/document"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/task"
)

// sweepEvery is how often rows of ended sessions are removed.
const sweepEvery = 10 * time.Minute

// Options are what the portal needs.
type Options struct {
	Store     *store.DB
	Verifier  *auth.Verifier
	Passwords record.PasswordRules
	Inbox     *document.Inbox
	Limits    store.SessionLimits
	Await     func(ctx context.Context) error // returns when the database is there; nil: it is
	Log       *slog.Logger
	Zone      *time.Location // of times that are stored without one, in summaries
	Version   string

	SearchFields []string // keys of persons that a search may compare

	// ChangePassword gives the subject of a request a new password, and gives its hash.
	ChangePassword func(r *http.Request, c *gate.Caller, password string) (hash string, err error)
}

// Portal has the handlers of the pages. It is the gate's Portal.
type Portal struct {
	Options
	languages *languages
	style     asset
}

// New makes a Portal. It starts nothing.
func New(o Options) *Portal {
	if o.Await == nil {
		o.Await = func(context.Context) error { return nil }
	}
	style := newAsset("portal.css", "text/css; charset=utf-8", chart.Style)
	return &Portal{Options: o, languages: spoken(), style: style}
}

// Start removes the rows of ended sessions now and again, until the task is stopped.
func (p *Portal) Start(ctx context.Context) *task.Task {
	return task.Start(context.WithoutCancel(ctx), func(ctx context.Context) {
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for ctx.Err() == nil {
			p.sweep(ctx)
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	})
}

func (p *Portal) sweep(ctx context.Context) {
	if p.Store.ReadOnly() {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	err := errors.Join(p.Store.SweepSessions(ctx, p.Limits), p.Store.SweepResets(ctx))
	if err != nil && ctx.Err() == nil {
		p.Log.Warn("ended sessions are not removed", "error", err)
	}
}
