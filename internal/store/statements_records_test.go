// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"io"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var (
	first10   = store.Keyset[string]{Limit: 10}
	behindOne = func(id string) store.Keyset[string] { return store.Keyset[string]{After: &id, Limit: 10} }
	change    = fed.Record(`{"n": 1}`)
	one       = store.DocumentKey{Person: "P2", Page: "L1", ID: "D1"}
)

// ignore takes anything.
func ignore(fed.Record) error { return nil }

func ignoreToo(string, fed.Record) error { return nil }

// expect makes an error of the kind none.
func expect(kind fed.Kind, err error) error {
	if fed.KindOf(err) == kind {
		return nil
	}
	return err
}

var personSteps = []step{
	{name: "a person", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).Person(ctx, "P1")
		return err
	}},
	{name: "how an id is stored", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.StoredID(ctx, "p1", "P1")
		return err
	}},
	{name: "whether there is a person", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.HasPerson(ctx, "P1")
		return err
	}},
	{name: "an account that logs in", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := db.Credentials(ctx, "p1", "P1")
		return err
	}},
	{name: "a stronger hash", do: func(ctx context.Context, db *testdb.DB) error { return db.UpgradeHash(ctx, "P1", "a", "b") }},
	{name: "a new person", do: func(ctx context.Context, db *testdb.DB) error {
		if err := db.CheckNewPerson(ctx, nobody, "NEW"); err != nil {
			return err
		}
		_, _, err := db.CreatePerson(ctx, nobody, "NEW", change, nothing)
		return err
	}},
	{name: "a new person again", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.RepeatedPerson(ctx, nobody, "NEW", change, nothing)
		return err
	}},
	{name: "a change of a person", do: func(ctx context.Context, db *testdb.DB) error {
		c := store.PersonChange{Patch: change, Filled: nothing, Roles: nothing}
		if err := db.CheckPersonChange(ctx, nobody, "P1", c); err != nil {
			return err
		}
		_, err := db.ChangePerson(ctx, nobody, "P1", c)
		return err
	}},
	{name: "an administrator who is one no longer", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		for _, id := range []string{"P7", "P8"} {
			if _, err := db.ChangePerson(ctx, nobody, id, someAdministrator(chief)); err != nil {
				return err
			}
		}
		_, err := db.ChangePerson(ctx, guarded, "P7", someAdministrator(`{"roles": []}`))
		return err
	}},
	{name: "the removal of a person", do: func(ctx context.Context, db *testdb.DB) error {
		return expect(fed.Invalid, db.DeletePerson(ctx, nobody, "NEW"))
	}},
	{name: "ten persons", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPersonWith(ctx, store.PersonFilter{}, first10, eager, ignoreToo)
	}},
	{name: "ten persons behind one", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPersonWith(ctx, store.PersonFilter{}, behindOne("P1"), eager, ignoreToo)
	}},
	{name: "persons who were born in some years", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPersonWith(ctx, store.PersonFilter{BornFrom: 19800000, BornTo: 19809999}, first10, eager, ignoreToo)
	}},
	{name: "all persons", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPerson(ctx, eager, ignore)
	}},
}

var pageSteps = []step{
	{name: "the history of a person and the book", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).BookHistory(ctx, "P2", false, eager, func(store.HistoryEntry) error { return nil })
	}},
	{name: "a page", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).Page(ctx, "P2", "L1")
		return err
	}},
	{name: "a new page", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := db.CreatePage(ctx, nobody, "P1", "NEW", change)
		return err
	}},
	{name: "a new page again", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := db.CreatePage(ctx, nobody, "P1", "NEW", change)
		return err
	}},
	{name: "a change of a page", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.ChangePage(ctx, nobody, "P1", "NEW", fed.Record(`{"n": 2}`))
		return err
	}},
	{name: "the removal of a page", do: func(ctx context.Context, db *testdb.DB) error { return db.DeletePage(ctx, nobody, "P1", "NEW") }},
}

var bookSteps = []step{
	{name: "the measurements of a book", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachMeasured(ctx, "P1", noon, func(store.MeasuredPage) error { return nil })
	}},
	{name: "a book", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPage(ctx, "P1", eager, ignore)
	}},
	bookStep("a book by time", store.BookQuery{}, store.Keyset[store.BookKey]{}),
	bookStep("ten pages", store.BookQuery{}, store.Keyset[store.BookKey]{Limit: 10}),
	bookStep("ten pages, the newest first", store.BookQuery{Descending: true}, store.Keyset[store.BookKey]{Limit: 10}),
	bookStep("ten pages behind one", store.BookQuery{}, store.Keyset[store.BookKey]{Limit: 10, After: &store.BookKey{Time: noon, Dated: true, ID: "L1"}}),
	bookStep("ten pages behind one without a date", store.BookQuery{}, store.Keyset[store.BookKey]{Limit: 10, After: &store.BookKey{ID: "L1"}}),
	bookStep("pages of some days and one kind", store.BookQuery{
		From: noon, To: noon.Add(time.Hour), Filters: []store.PageFilter{{Keys: []string{"page_type", "type"}, Text: "x"}},
	}, store.Keyset[store.BookKey]{}),
	{name: "the nodes of a book", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).Senders(ctx, "P1")
		return err
	}},
	{name: "what is new in a book", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := db.For(fed.Operator).News(ctx, "P1", store.Visit{}, []string{"summary", "page_date"}, 10)
		return err
	}},
	{name: "the dates of pages", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).PageDates(ctx, "P2", []string{"L1", "L2"})
		return err
	}},
	listStep("a list of ten pages", store.BookQuery{Descending: true}),
	listStep("a list of ten pages with some words", store.BookQuery{Descending: true, Text: "some words"}),
}

var differenceSteps = []step{
	{name: "what changes of a page have changed", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).Differences(ctx, store.HistoryQuery{Resource: fed.Page, ID: "L1", Person: "P2"}, 10)
		return err
	}},
}

func listStep(name string, q store.BookQuery) step {
	q.Books = []string{"P1"}
	return step{name: name, do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := db.For(fed.Operator).ListPages(ctx, q, []string{"summary"}, store.Keyset[store.BookKey]{Limit: 10})
		return err
	}}
}

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func bookStep(name string, q store.BookQuery, s store.Keyset[store.BookKey]) step {
	q.Books = []string{"P1"}
	s.More = func(store.BookKey) {}
	return step{name: name, do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachPageOf(ctx, q, s, eager, ignore)
	}}
}

var documentSteps = []step{
	{name: "a document", do: func(ctx context.Context, db *testdb.DB) error {
		d, err := db.For(fed.Operator).Document(ctx, one)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, db.For(fed.Operator).OpenDocument(ctx, one, d, nil))
		return err
	}},
	{name: "a new document", do: func(ctx context.Context, db *testdb.DB) error {
		u := upload("NEW", true, []byte("bytes"))
		u.Key.Person, u.Key.Page = one.Person, one.Page
		_, _, _, err := db.CreateDocument(ctx, fed.Write{Recreate: true}, u)
		return err
	}},
	{name: "a change of a document", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.ChangeDocument(ctx, nobody, one, change)
		return err
	}},
	{name: "the removal of a document", do: func(ctx context.Context, db *testdb.DB) error { return db.DeleteDocument(ctx, nobody, one) }},
	{name: "documents of a person", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachDocument(ctx, "P1", "", store.Keyset[string]{}, eager, func(store.DocumentEntry) error { return nil })
	}},
	{name: "ten documents behind one of a page", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).EachDocument(ctx, "P1", "L500", behindOne("D1"), eager, func(store.DocumentEntry) error { return nil })
	}},
}

func registrySteps(resource fed.Resource) []step {
	what := string(resource)
	return []step{
		{name: "a " + what, do: func(ctx context.Context, db *testdb.DB) error {
			_, err := db.Registry(resource).Get(ctx, fed.Operator, strings.ToUpper(what[:1])+"1")
			return err
		}},
		{name: "a new " + what, do: func(ctx context.Context, db *testdb.DB) error {
			_, _, err := db.Registry(resource).Create(ctx, nobody, "NEW", change, nothing)
			return err
		}},
		{name: "a new " + what + " again", do: func(ctx context.Context, db *testdb.DB) error {
			_, _, err := db.Registry(resource).Create(ctx, nobody, "NEW", change, nothing)
			return err
		}},
		{name: "a change of a " + what, do: func(ctx context.Context, db *testdb.DB) error {
			_, err := db.Registry(resource).Change(ctx, nobody, "NEW", fed.Record(`{"n": 2}`))
			return err
		}},
		{name: "the removal of a " + what, do: func(ctx context.Context, db *testdb.DB) error {
			return db.Registry(resource).Delete(ctx, nobody, "NEW")
		}},
		{name: "ten " + what + "s", do: func(ctx context.Context, db *testdb.DB) error {
			return db.Registry(resource).Each(ctx, fed.Operator, first10, eager, ignore)
		}},
		{name: "all " + what + "s", do: func(ctx context.Context, db *testdb.DB) error {
			return db.Registry(resource).Each(ctx, fed.Operator, store.Keyset[string]{}, eager, ignore)
		}},
	}
}
