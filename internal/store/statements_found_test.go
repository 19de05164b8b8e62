// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"errors"
	"fmt"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var linkSteps = []step{
	{name: "a new link", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := db.Link(ctx, nobody, "P1", "P2", true)
		return err
	}},
	{name: "links of a person", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Links(ctx, "P1", store.Keyset[string]{}, func(store.Link) error { return nil })
	}},
	{name: "ten links behind one", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).Links(ctx, "P1", behindOne("A"), func(store.Link) error { return nil })
	}},
	{name: "who is the same", do: func(ctx context.Context, db *testdb.DB) error {
		if _, err := db.For(fed.Operator).Same(ctx, "P1"); err != nil {
			return err
		}
		_, err := db.For(fed.Operator).Cluster(ctx, "P1")
		return err
	}},
	{name: "a link taken back", do: func(ctx context.Context, db *testdb.DB) error { return db.Unlink(ctx, "P1", "P2") }},
}

var queueSteps = []step{
	{name: "the queue of duplicates is filled", whole: "people", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.QueueDuplicates(ctx, func(store.DuplicatesPart) {})
		return err
	}},
	{name: "a part of the queue", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := store.DuplicateView(db.For(fed.Operator)).SuspectedPairs(ctx, store.Keyset[store.DuplicateKey]{Limit: 25})
		return err
	}},
	{name: "the place of a pair", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.DuplicateKeyOf(ctx, "P1", "P2")
		return expect(fed.NotFound, err)
	}},
	{name: "a pair is decided, put off and open again", do: func(ctx context.Context, db *testdb.DB) error {
		return errors.Join(db.PostponePair(ctx, "P3", "P4"), db.DecidePair(ctx, nobody, "P3", "P4", false), db.ReopenPair(ctx, "P3", "P4"))
	}},
	{name: "pairs that were decided", do: func(ctx context.Context, db *testdb.DB) error {
		_, _, err := store.DuplicateView(db.For(fed.Operator)).DecidedPairs(ctx, store.Keyset[store.DuplicateKey]{Limit: 25})
		return err
	}},
}

var searchSteps = []step{
	{name: "a search", do: func(ctx context.Context, db *testdb.DB) error {
		return db.For(fed.Operator).SearchPersons(ctx, store.Search{Text: "Ana7 Betz7", Limit: 10}, eager, func(string, float64, fed.Record) error { return nil })
	}},
	{name: "matches of a person", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.For(fed.Operator).Matches(ctx, "P7", 10)
		return err
	}},
}

func pastSteps(resource fed.Resource, id, owner string) []step {
	what := string(resource)
	past := store.HistoryQuery{Resource: resource, ID: id, Person: owner}
	take := func(store.HistoryEntry) error { return nil }
	return []step{
		{name: "the history of a " + what, do: func(ctx context.Context, db *testdb.DB) error {
			return db.For(fed.Operator).History(ctx, past, store.HistoryPage{}, eager, take)
		}},
		{name: "behind the history of a " + what, do: func(ctx context.Context, db *testdb.DB) error {
			return db.For(fed.Operator).History(ctx, past, store.HistoryPage{After: store.HistoryKey{Version: 1}}, eager, take)
		}},
		{name: "an old version of a " + what, do: func(ctx context.Context, db *testdb.DB) error {
			_, err := db.For(fed.Operator).Version(ctx, past, 1)
			return err
		}},
		{name: "a " + what + " put back", do: func(ctx context.Context, db *testdb.DB) error {
			_, err := db.Restore(ctx, nobody, resource, id, "")
			return expect(fed.Conflict, err)
		}},
	}
}

// followerSteps note how far accounts have read the feed, and tell it.
var followerSteps = []step{
	{name: "how far followers have read", do: func(ctx context.Context, db *testdb.DB) error {
		return db.NoteFollowers(ctx, []store.FollowerPosition{{Account: "P1", Position: 1}})
	}},
	{name: "the followers", do: func(ctx context.Context, db *testdb.DB) error {
		_, err := db.Followers(ctx, 100)
		return err
	}},
}

// feedSteps asks for all that the feed has a statement for.
func feedSteps() (steps []step) {
	personal, registries := []fed.Resource{"person", "page", "document"}, []fed.Resource{"unit", "institution"}
	for _, q := range []struct {
		name  string
		query store.FeedQuery
	}{
		{"all changes", store.FeedQuery{All: append(personal, registries...)}},
		{"changes of everybody's records", store.FeedQuery{All: personal}},
		{"changes about a person", store.FeedQuery{All: personal, Person: "P1"}},
		{"one's own changes", store.FeedQuery{Own: personal}},
		{"changes about nobody", store.FeedQuery{All: registries}},
		{"one's own changes and those about nobody", store.FeedQuery{All: registries, Own: personal}},
		{"no changes", store.FeedQuery{}},
	} {
		for _, bare := range []bool{false, true} {
			asked := q.query
			asked.Limit, asked.NoData = 10, bare
			steps = append(steps, step{
				name: fmt.Sprintf("%s%s", q.name, map[bool]string{true: ", without data"}[bare]),
				do: func(ctx context.Context, db *testdb.DB) error {
					_, err := db.For(fed.Reader{Account: "P1"}).Changes(ctx, asked)
					return err
				},
			})
		}
	}
	return steps
}
