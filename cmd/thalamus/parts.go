// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"log/slog"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/audit"
	"thalamus/internal/config"
	"thalamus/internal/pg"
	"thalamus/internal/store"
	"thalamus/internal/tlscert"
)

// lockTimeout is how long a request waits for a lock of the database. Commands wait as long as
// it takes.
const lockTimeout = 10 * time.Second

// parts are what a hub is given that is opened before it.
type parts struct {
	db     *store.DB
	policy *access.Policy
	record *audit.File
	certs  *tlscert.Files // nil: it serves in the clear
	log    *slog.Logger
}

// openParts opens what the configuration names. The database need not be there yet.
func openParts(c config.Config, log *slog.Logger, env environment) (p parts, err error) {
	p.log = log
	p.policy, err = loadPolicy(c, log)
	if err != nil {
		return p, err
	}

	if c.Server.TLSCert != "" {
		p.certs, err = tlscert.Load(c.Server.TLSCert, c.Server.TLSKey)
		if err != nil {
			return p, err
		}
	}

	p.record, err = audit.Open(c.Access.Record, env.stdout)
	if err != nil {
		return p, err
	}

	o := readingOptions(c)
	o.LockTimeout, o.Outage = lockTimeout, outages(log)
	p.db, err = store.New(o)
	if err != nil {
		_ = p.record.Close()
	}
	return p, err
}

// close closes the database and the access record, of which every line was written at once.
func (p parts) close() {
	p.db.Close()
	_ = p.record.Close()
}

// tellReplica tells the log that a replica is read, or is left out.
func tellReplica(log *slog.Logger) func(store.ReplicaUse) {
	return func(use store.ReplicaUse) {
		if use.Reason == nil {
			log.Info("a replica is read", "server", use.Server)
			return
		}
		log.Warn("a replica is not read", "server", use.Server, "error", use.Reason)
	}
}

// outages tells the log that the database is away, and that it is back: not each request does.
func outages(log *slog.Logger) func(pg.Outage) {
	return func(o pg.Outage) {
		since := time.Since(o.Since).Round(time.Millisecond)
		if o.Cause == nil {
			log.Info("the database is back", "after", since, "waiting", o.Waiting)
			return
		}
		log.Error("requests wait for the database", "for", since, "waiting", o.Waiting, "error", o.Cause)
	}
}
