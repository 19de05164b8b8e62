// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"thalamus/internal/auth"
	"thalamus/internal/config"
	"thalamus/internal/portal"
	"thalamus/internal/store"
)

func newPortal(c config.Config, p parts, verifier *auth.Verifier, s *stage) *portal.Portal {
	return portal.New(portal.Options{
		Store: p.db, Verifier: verifier, Passwords: passwords(c), Await: s.await, Log: p.log,
		Limits: store.SessionLimits{Idle: c.Portal.Idle, Longest: c.Portal.Longest},
	})
}
