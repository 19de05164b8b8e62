// SPDX-License-Identifier: GPL-3.0-or-later

// Package api has the handlers of the JSON resources and of the password form. A handler reads
// the request, asks the store once, and turns the answer into an HTTP reply.
package api

import (
	"thalamus/internal/auth"
	"thalamus/internal/document"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// Options are what the handlers need.
type Options struct {
	Store        *store.DB
	Verifier     *auth.Verifier
	Passwords    record.PasswordRules
	Inbox        *document.Inbox
	SearchFields []string // keys of persons that a search may compare
	Version      string
	Unready      func() error // an error while the server wants no more requests, whatever the database says
}
