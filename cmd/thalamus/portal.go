// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"log/slog"

	"thalamus/internal/api"
	"thalamus/internal/config"
	"thalamus/internal/portal"
	"thalamus/internal/server"
	"thalamus/internal/store"
)

// newPortal makes the pages for people beside the resources of a server.
func newPortal(c config.Config, o api.Options, s *server.Stage, log *slog.Logger) *portal.Portal {
	return portal.New(portal.Options{
		Store: o.Store, Verifier: o.Verifier, Passwords: o.Passwords, Await: s.Await, Log: log,
		Limits: sessionLimits(c.Portal), Inbox: o.Inbox, SearchFields: o.SearchFields, ChangePassword: api.ChangePassword(o),
		Zone: c.FHIR.Location(), Version: version,
	})
}

func sessionLimits(c config.Portal) store.SessionLimits {
	return store.SessionLimits{Idle: c.Idle, Longest: c.Longest}
}
