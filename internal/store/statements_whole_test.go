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

// loaded is a record of each resource.
var loaded = []store.LoadRow{
	{Resource: "institution", ID: "I1", Data: change},
	{Resource: "unit", ID: "U1", Data: change},
	{Resource: "person", ID: "P1", Data: change},
	{Resource: "page", ID: "L1", Person: "p1", Data: change},
	{Resource: "document", ID: "D2", Person: "P3", Page: "L2", Data: change},
	{Resource: "link", ID: "P3", Person: "P4", Data: fed.Record(`{"same": true}`)},
}

// wholeSteps are for operators.
var wholeSteps = []step{
	{name: "loading", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Load(ctx, loaded, func() error { return nil })
		return err
	}},
	{name: "the dump", whole: "dus institutions people personal_docs pols thalamus_links", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Dump(ctx, false, func(store.DumpRow) error { return nil })
	}},
	{name: "the dump of revisions", whole: "dus institutions people personal_docs pols", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := store.DumpRevisions(ctx, db.For(fed.Operator), func(store.DumpRevision) error { return nil })
		return err
	}},
	{name: "duplicates", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Duplicates(ctx, "", func(store.DuplicatesPart) error { return nil })
	}},
	{name: "what was deleted", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Deleted(ctx, store.DeletedQuery{}, func(store.Deletion) error { return nil })
	}},
	{name: "names of accounts", do: func(ctx context.Context, db *testdb.DB) error {
		return db.Names(ctx, []string{"P1"}, map[string]string{})
	}},
	{name: "closed accounts", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Closed(ctx)
		return err
	}},
	{name: "odd passwords", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		_, malformed := db.MalformedHashes(ctx)
		_, weak := db.WeakHashes(ctx)
		return errors.Join(malformed, weak)
	}},
	{name: "whether somebody administers", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.HasAdministrator(ctx, []string{"root"})
		return err
	}},
	{name: "the hashes of some accounts", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Hashes(ctx, []string{"P1", "P2"})
		return err
	}},
	{name: "PostgreSQL itself", do: func(ctx context.Context, db *testdb.DB) error {
		_, facts := db.Facts(ctx)
		_, connections := db.Connections(ctx)
		_, archive := db.Archive(ctx)
		_, unpublished := db.Unpublished(ctx)
		return errors.Join(facts, connections, archive, unpublished)
	}},
	{name: "sizes, for metrics", do: func(ctx context.Context, db *testdb.DB) error {
		_, sizes := db.Sizes(ctx)
		_, bytes := db.DatabaseBytes(ctx)
		_, sessions := db.CountSessions(ctx, sessionTimes)
		return errors.Join(sizes, bytes, sessions)
	}},
	{name: "counting", whole: "institutions people pols", do: func(ctx context.Context, db *testdb.DB) error {
		return db.CountStatistics(ctx)
	}},
	{name: "statistics", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Statistics(ctx, store.StatisticsQuery{Subject: "page", By: store.Dimensions})
		return err
	}},
	{name: "accounts", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachAccount(ctx, store.AccountFilter{}, func(store.Account) error { return nil })
	}},
	{name: "one account", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).Account(ctx, "P1")
		return err
	}},
	{name: "those who hold other roles than everybody's", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Staff(ctx, store.AccountFilter{Role: "nurse"}, store.Keyset[string]{Limit: 25}, func(store.Account) error { return nil })
	}},
	{name: "the accounts of some persons", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).AccountsOf(ctx, []string{"P1", "P2"})
		return err
	}},
	{name: "erasing", whole: "people thalamus_changes thalamus_name_words", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Erase(ctx, nobody, "P9")
		return err
	}},
}
