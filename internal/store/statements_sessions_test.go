// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"errors"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var sessionSteps = []step{
	{name: "a session begins", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.BeginSession(ctx, store.Session{Account: fed.Account{ID: "P1"}}, "hash")
		return err
	}},
	{name: "a session", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Session(ctx, store.SessionKey{}, sessionTimes)
		return expect(fed.Unauthenticated, err)
	}},
	{name: "a session is used", do: func(ctx context.Context, db *testdb.DB) error {
		return db.TouchSession(ctx, store.SessionKey{})
	}},
	{name: "a session speaks a language", do: func(ctx context.Context, db *testdb.DB) error {
		return db.SpeakSession(ctx, store.SessionKey{}, "es")
	}},
	{name: "a session goes on with a new password", do: func(ctx context.Context, db *testdb.DB) error {
		return db.RenewSession(ctx, store.SessionKey{}, "hash")
	}},
	{name: "a form that came too late", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.SessionAccount(ctx, store.SessionKey{})
		_, reading := db.Draft(ctx, store.SessionKey{})
		return errors.Join(expect(fed.NotFound, err), reading, db.KeepDraft(ctx, store.SessionKey{}, nil))
	}},
	{name: "the sessions of an account", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Sessions(ctx, "P1", sessionTimes)
		return err
	}},
	{name: "one of them ends, and all", do: func(ctx context.Context, db *testdb.DB) error {
		return errors.Join(db.EndSessionOf(ctx, "P1", store.SessionKey{}), db.EndSessions(ctx, "P1"))
	}},
	{name: "a session ends", do: func(ctx context.Context, db *testdb.DB) error { return db.EndSession(ctx, store.SessionKey{}) }},
	{name: "ended sessions are removed", do: func(ctx context.Context, db *testdb.DB) error {
		return db.SweepSessions(ctx, sessionTimes)
	}},
	{name: "a link for a new password", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.StartReset(ctx, "P1", "ADMIN", store.ResetKey{})
		return err
	}},
	{name: "an open link", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Reset(ctx, store.ResetKey{})
		_, of := db.ResetOf(ctx, "P1")
		return errors.Join(err, of)
	}},
	{name: "a link is used", do: func(ctx context.Context, db *testdb.DB) error {
		return db.UseReset(ctx, fed.Write{Account: "P1", Request: "r"}, store.ResetKey{}, "hash")
	}},
	{name: "old links are forgotten", do: func(ctx context.Context, db *testdb.DB) error { return db.SweepResets(ctx) }},
}
