// SPDX-License-Identifier: GPL-3.0-or-later

// Package api is the face of the JSON resources, and of the form for a password: it hands
// questions to the store, and says what the answers are called in HTTP.
package api

import (
	"thalamus/internal/auth"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// Options is what the rows are made of.
type Options struct {
	Store        *store.DB
	Verifier     *auth.Verifier
	Passwords    record.PasswordRules
	Sizes        gate.Sizes
	SearchFields []string // keys of persons that a search may compare
	Version      string
	Unready      func() error // why no more requests are to be sent here, whatever the database says
}
