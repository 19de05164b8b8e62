// SPDX-License-Identifier: GPL-3.0-or-later

package demo_test

import (
	"testing"

	"thalamus/internal/demo"
	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// A Fill that was interrupted is repeated.
func TestFilledTwiceItIsTheSame(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const q = `SELECT concat((SELECT count(*) FROM people), ' ', (SELECT count(*) FROM pols), ' ', (SELECT count(*) FROM personal_docs), ' ',
		(SELECT count(*) FROM thalamus_changes))`
	var states []string
	for range 2 {
		if err := demo.Fill(t.Context(), db.DB); err != nil {
			t.Fatal(err)
		}
		states = append(states, db.Text(q))
	}
	if states[0] != states[1] {
		t.Errorf("%s, then %s", states[0], states[1])
	}
}

func TestAPageWasCorrectedTwiceAndOneWasDeleted(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	if err := demo.Fill(t.Context(), db.DB); err != nil {
		t.Fatal(err)
	}
	f, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	corrected := f.Earlier[0]
	if version := db.Text(`SELECT version::text || ' ' || (data ->> 'summary') FROM pols WHERE id = $1`, corrected.ID); version != "3 No allergy to penicillin" {
		t.Errorf("the corrected page is version %s", version)
	}
	var found []store.Deletion
	err = db.For(fed.Operator).Deleted(t.Context(), store.DeletedQuery{}, func(d store.Deletion) error {
		found = append(found, d)
		return nil
	})
	if err != nil || len(found) != 1 || found[0].ID != f.Deleted[0].ID || *found[0].Account != "ITAPYT999HON" {
		t.Errorf("deleted are %v, %v", found, err)
	}
}

// The administrators' screens show something at once.
func TestAdministratorsHaveSomethingToDo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	if err := demo.Fill(t.Context(), db.DB); err != nil {
		t.Fatal(err)
	}
	if got := db.Text(`SELECT string_agg(person || ' ' || other, ', ') FROM thalamus_duplicates WHERE decided IS NULL`); got != "ESPGRA118SAN ESPGRA452SAN" {
		t.Errorf("the queue has %q", got)
	}
	followers, err := db.Followers(t.Context(), 9)
	if err != nil || len(followers) != 1 || followers[0].Account != "ITAPYT999HON" || followers[0].Changes != 3 || followers[0].Since == nil {
		t.Errorf("the followers are %v, %v", followers, err)
	}
}

// The two records have another date and a misspelt name; the search is that of the README.
func TestAPersonIsThereTwiceAndIsFound(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	if err := demo.Fill(t.Context(), db.DB); err != nil {
		t.Fatal(err)
	}
	pairs := ""
	err := db.For(fed.Operator).Duplicates(t.Context(), "", func(found store.DuplicatesPart) error {
		for _, pair := range found.Pairs {
			pairs += pair.Person + " " + pair.Other + "\n"
		}
		return nil
	})
	if err != nil || pairs != "ESPGRA118SAN ESPGRA452SAN\n" {
		t.Errorf("there twice are %q, %v", pairs, err)
	}
	matches, err := db.For(fed.Operator).Matches(t.Context(), "ESPGRA118SAN", 20)
	if err != nil || len(matches) != 1 || matches[0].Other != "ESPGRA452SAN" {
		t.Errorf("the matches are %v, %v", matches, err)
	}
}
