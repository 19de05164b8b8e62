// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// ignoreRevision takes anything.
func ignoreRevision(store.Revision) error { return nil }

func ignoreDocument(store.DocumentRevision) error { return nil }

var revisionSteps = []step{
	{name: "a person, and since when it is so", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).PersonRevision(ctx, "P1")
		return err
	}},
	{name: "a page, and since when it is so", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).PageRevision(ctx, "P2", "L1")
		return err
	}},
	{name: "a document, and since when it is so", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).DocumentRevision(ctx, "P2", "D1")
		return err
	}},
	{name: "a unit, and since when it is so", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Registry(fed.Unit).GetRevision(ctx, fed.Operator, "NONE")
		return expect(fed.NotFound, err)
	}},
	{name: "whose a page is", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Owner(ctx, fed.Operator, fed.Page, "L1")
		return err
	}},
	{name: "a page by the digest of its id", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.LongID(ctx, fed.Page, "00000000000000000000000000000000")
		return err
	}},
	{name: "ten pages of a book, and since when they are so", do: func(ctx context.Context, db *testdb.DB) error {
		q := store.BookQuery{Books: []string{"P1"}, Inclusive: true}
		part := store.Keyset[store.BookKey]{Limit: 10, After: &store.BookKey{Time: noon, Dated: true, ID: "L1"}, More: func(store.BookKey) {}}
		return db.For(fed.Operator).EachPageRevision(ctx, q, part, eager, func(store.PageRevision) error { return nil })
	}},
	{name: "pages with some parts of a book", do: func(ctx context.Context, db *testdb.DB) error {
		q := store.BookQuery{Books: []string{"P1"}, Descending: true, Parts: &store.PageParts{
			Members: []string{"a", "b"}, Keys: []string{"c", "d"}, Texts: []string{"lab"}, Measured: []string{"bp", "t"}, Wants: func(string) bool { return true },
		}}
		return db.For(fed.Operator).EachPageRevision(ctx, q, store.Keyset[store.BookKey]{}, eager, func(store.PageRevision) error { return nil })
	}},
	{name: "documents, and since when they are so", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachDocumentRevision(ctx, store.DocumentQuery{Person: "P1"}, store.Keyset[store.BookKey]{}, eager, ignoreDocument)
	}},
	{name: "ten documents, the newest first", do: func(ctx context.Context, db *testdb.DB) error {
		q := store.DocumentQuery{Person: "P1", ByTime: true, Descending: true}
		part := store.Keyset[store.BookKey]{Limit: 10, After: &store.BookKey{Time: noon, Dated: true, ID: "D1"}, More: func(store.BookKey) {}}
		return db.For(fed.Operator).EachDocumentRevision(ctx, q, part, eager, ignoreDocument)
	}},
	{name: "two persons by their ids, and since when they are so", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPersonRevision(ctx, store.PersonFilter{IDs: []string{"P1", "P2"}}, first10, eager, ignoreRevision)
	}},
	{name: "persons by the beginnings of names and more", do: func(ctx context.Context, db *testdb.DB) error {
		filter := store.PersonFilter{
			Names: []store.NamePrefix{{Keys: []string{"name", "lastname"}, Texts: []string{"an"}}}, Genders: []string{"f"},
			Births: []store.BirthBound{{Least: true, Date: 19800000}, {Last: true, Date: 19801231}}, ChangedFrom: noon, ChangedTo: noon.Add(time.Hour),
		}
		return db.For(fed.Operator).EachPersonRevision(ctx, filter, first10, eager, ignoreRevision)
	}},
	{name: "units by the beginnings of names", do: func(ctx context.Context, db *testdb.DB) error {
		filter := store.RegistryFilter{Names: []store.NamePrefix{{Keys: []string{"name"}, Texts: []string{"an"}}}}
		return db.Registry(fed.Unit).EachRevision(ctx, fed.Operator, filter, first10, eager, ignoreRevision)
	}},
}
