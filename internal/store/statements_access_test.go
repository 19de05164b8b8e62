// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var accessSteps = []step{
	{name: "ten accesses to a person", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Accesses(ctx, store.AccessQuery{Person: "P1", Others: true}, store.Keyset[store.AccessKey]{Limit: 10}, eager,
			func(store.Access) error { return nil })
	}},
	{name: "ten accesses of an account", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Accesses(ctx, store.AccessQuery{Account: "P1"}, store.Keyset[store.AccessKey]{Limit: 10}, eager,
			func(store.Access) error { return nil })
	}},
}
