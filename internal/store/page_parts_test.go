// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// withParts gives the ids of the pages of A that are read for some parts.
func withParts(t *testing.T, db *testdb.DB, wants func(measured string, read int) bool) string {
	t.Helper()
	var ids []string
	parts := &store.PageParts{
		Members: []string{"condition", "code"}, Keys: []string{"medical_context", "context"}, Texts: []string{"lab", "surgery"}, Measured: []string{"bp", "t"},
		Wants: func(measured string) bool { return wants(measured, len(ids)) },
	}
	q := store.BookQuery{Books: []string{"A"}, Descending: true, Parts: parts}
	must(t, db.For(fed.Operator).EachPageRevision(t.Context(), q, store.Keyset[store.BookKey]{}, eager, func(page store.PageRevision) error {
		if page.Version != 1 || page.Changed.IsZero() || idOf(page.Record) != `"`+page.ID+`"` && idOf(page.Record) != page.ID {
			t.Errorf("%+v", page)
		}
		ids = append(ids, page.ID)
		return nil
	}))
	return strings.Join(ids, " ")
}

func all(string, int) bool { return true }

// A page is read if it may have one of the parts, in whatever form hospitals and phones write them.
func TestPagesWithoutAnyPartAreLeftOut(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	addPages(db, "A", map[string]string{
		"a1": `{"condition": "x"}`, "a2": `{"code": 7}`, "a3": `{"medical_context": "lab"}`, "a4": `{"context": "surgery", "medical_context": "other"}`,
		"a5": `{"measurements": [{"hr": 70}, {"bp": 1}]}`, "a6": `{"measurements": {"t": 36}}`, "a7": `{"measurements": "{'t': 36.5}"}`, "a8": `{"measurements": "{\"bp\": 1}"}`, "a9": `{"measurements": "{'\\x74': 36.5}"}`,
		"n1": `{}`, "n2": `{"condition": "", "code": null}`, "n3": `{"medical_context": "labs", "other_context": "lab"}`, "n4": `{"measurements": [{"hr": 70}, {"wt": 71}]}`, "n5": `{"measurements": "{'wt': 71}"}`, "n6": `{"measurements": null}`, "n7": `{"other": "lab"}`,
	})
	if got, want := withParts(t, db, all), "a9 a8 a7 a6 a5 a4 a3 a2 a1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Of what comes behind the first pieces only that is read which is still wanted.
func TestPagesOfWhichNothingIsWantedAnyMoreAreLeftOut(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	pages := map[string]string{"0000": `{"measurements": [{"t": 36}]}`, "0001": `{"condition": "x"}`, "0002": `{"measurements": [{"t": 36}, {"bp": 1}]}`, "0003": `{"measurements": [{"bp": 1}]}`}
	for n := range 100 {
		pages[fmt.Sprint(1000+n)] = `{"measurements": [{"bp": 1}]}`
	}
	addPages(db, "A", pages)
	for want, wants := range map[string]func(string, int) bool{
		"0003 0002 0001 0000": all, "0001": func(string, int) bool { return false }, "0002 0001 0000": func(key string, _ int) bool { return key == "t" },
		"0003 0002 0001": func(key string, read int) bool { return key == "bp" || read == 0 },
	} {
		if got := withParts(t, db, wants); !strings.HasSuffix(got, " "+want) || !strings.HasPrefix(got, "1099 1098 ") || strings.Contains(got, "1000") != strings.Contains(want, "0003") {
			t.Errorf("got %s, want the newest and %s", got, want)
		}
	}
}
