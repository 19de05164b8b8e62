// SPDX-License-Identifier: GPL-3.0-or-later

// Package metrics shows the numbers of a hub to Prometheus: how many requests, logins and readers there
// are, and how the database and its loops come along. Nothing in them is of a person: labels are names of
// this program's own. The parts of the hub count for themselves, and are read when somebody scrapes; what
// only the database knows is asked once a minute, so that a scrape waits for nobody.
package metrics

import (
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"thalamus/internal/audit"
	"thalamus/internal/auth"
	"thalamus/internal/document"
	"thalamus/internal/feed"
	"thalamus/internal/gate"
	"thalamus/internal/server"
	"thalamus/internal/store"
	"thalamus/internal/tlscert"
)

// maxScrapes is how many may read at a time. More are 503.
const maxScrapes = 4

// Parts are those of the hub that are shown.
type Parts struct {
	Version  string
	Gate     *gate.Gate
	Requests *Requests // that the gate has told of
	Verifier *auth.Verifier
	Feed     *feed.Feed
	DB       *store.DB
	Stage    *server.Stage
	Inbox    *document.Inbox
	Record   *audit.File
	Index    *audit.Index
	Certs    *tlscert.Files // nil: it serves in the clear
	Sessions store.SessionLimits
	Log      *slog.Logger
}

// Metrics are those of one hub. It is an http.Handler.
type Metrics struct {
	http.Handler
	parts  Parts
	sample atomic.Pointer[sample] // of the database; nil: there is none yet
	read   chan struct{}          // somebody has scraped
}

// New makes the metrics of a hub. It starts nothing.
func New(parts Parts) *Metrics {
	m := &Metrics{parts: parts, read: make(chan struct{}, 1)}
	registry := prometheus.NewRegistry()
	registry.MustRegister(parts.Requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, topic := range []reader{m.program, m.requests, m.logins, m.connections, m.replicas, m.database, m.feed, m.accessRecord} {
		registry.MustRegister(topic)
	}

	m.Handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: maxScrapes, ErrorLog: slog.NewLogLogger(parts.Log.Handler(), slog.LevelWarn),
	})
	return m
}
