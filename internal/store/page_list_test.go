// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// listed reads a part of A's book as a list: the ids, whether there are more, and where they go on.
func listed(t *testing.T, db *testdb.DB, q store.BookQuery, part store.Keyset[store.BookKey]) (ids []string, more bool, next store.BookKey) {
	t.Helper()
	q.Books = []string{"A"}
	entries, more, err := db.For(fed.Operator).ListPages(t.Context(), q, nil, part)
	must(t, err)
	for _, e := range entries {
		ids, next = append(ids, e.ID), e.Key
	}
	return ids, more, next
}

// Each page is listed once, in the order of the book, whatever the size of the parts.
func TestPagesAreListedInPartsOfABook(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}')`)
	addPages(db, "A", map[string]string{
		"1": `{"page_date": "2024-05-03"}`, "2": `{"page_date": "2024-05-02 10:00:00"}`, "3": `{"page_date": "2024-05-02T11:00:00+02:00"}`,
		"5": `{}`, "4": `{"page_date": "a day"}`,
	})
	addPage(db, "B", "6", `{"page_date": "2024-05-03"}`)
	for limit, want := range map[int]string{1: "1|2|3|5|4", 2: "12|35|4", 3: "123|54", 5: "12354", 9: "12354"} {
		var parts []string
		part := store.Keyset[store.BookKey]{Limit: limit}
		for more := true; more; {
			var ids []string
			var next store.BookKey
			ids, more, next = listed(t, db, store.BookQuery{Descending: true}, part)
			key, ok := store.ParseBookKey(next.Format())
			if key != next || !ok {
				t.Errorf("%v is read as %v, %v", next, key, ok)
			}
			parts, part.After = append(parts, strings.Join(ids, "")), &key
		}
		if got := strings.Join(parts, "|"); got != want {
			t.Errorf("by %d: %s, want %s", limit, got, want)
		}
	}
}

// A list has the members that it asks for, and none of them is long.
func TestPagesAreListedInShort(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	addPage(db, "A", "1", `{"summary": "`+strings.Repeat("é", 1001)+`", "info": null, "n": 1.50, "list": [1], "large": ["`+strings.Repeat("x", 5000)+`"], "other": 1}`)
	members := []string{"summary", "info", "n", "list", "large", "missing"}
	entries, _, err := db.For(fed.Operator).ListPages(t.Context(), store.BookQuery{Books: []string{"A"}}, members, store.Keyset[store.BookKey]{Limit: 1})
	must(t, err)
	want := `{"n": 1.50, "info": null, "list": [1], "large": null, "summary": "` + strings.Repeat("é", 1000) + `"}`
	if diff := cmp.Diff(want, string(entries[0].Page)); diff != "" {
		t.Error(diff)
	}
}

// Words are found in every value of a page, in any case and without accents, and not in its keys.
func TestPagesAreFoundByTheirWords(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	addPages(db, "A", map[string]string{
		"1": `{"summary": "Fractura de muñeca", "info": "Caída de la bicicleta", "health_condition_code": "S52.5"}`,
		"2": `{"unheard_of": {"deep": ["Muneca"]}, "author": "CAMERON", "creation_info": {"user": "Nobody"}}`,
		"3": `{"summary": "ارتفاعُ ضغطِ الدم", "n": 12345}`, "4": "{\"info\": \"The patient's O`Hara-test\"}",
	})
	for text, want := range map[string]string{
		"muñeca": "12", "MUNECA": "12", "cameron": "2", "muñeca caida": "1", "caida muñeca cameron": "", "s52.5": "1", "bici": "1", "deep": "2", "patient's": "4", "PATIENTS": "4", "o'hara test": "4", "summary": "",
		"nobody": "", "ضغط": "3", "234": "3", "%": "", "_": "", "!": "", "fractura_": "1", "2": "13",
	} {
		t.Run(text, func(t *testing.T) {
			ids, _, _ := listed(t, db, store.BookQuery{Text: text}, store.Keyset[store.BookKey]{Limit: 9})
			if got := strings.Join(ids, ""); got != want {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		})
	}
}

// A page is found by the words that thalamus_fold makes of it, whichever way its text goes, and by
// nothing else.
func TestPagesAreFoundAsTheirWordsAreFolded(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	texts := []string{
		"Descansó señora ÁRBOL", "cafe\u0301 E\u0301te\u0301", "½ Ångström ÅNGSTRÖM", "straße œuvre Ødegård", "d＇or ｆｕｌｌ｀ｙ",
		"İstanbul ISTANBUL ıx", "Σίσυφος Latin", "soft\u00adhyphen é", "a\u0489b ñu", "don´t won’t y`all 'tis cafés", "naïve—dash “quoted”",
		"Ⅳ ﬁn m² № 5 37 °C 10 µg", "plain O'Hara y`all d-or", "ارتفاعُ café", "日本語 ça",
	}
	words := []string{"dor", "dont", "wont", "yall", "tis", "fully", "softhyphen", "ab", "n", "c"}
	for n, text := range texts {
		addPage(db, "A", string(rune('a'+n)), `{"info": "`+text+`"}`)
		words = append(words, strings.Fields(db.Text(`SELECT thalamus_fold($1)`, text))...)
	}
	for _, word := range words {
		want := db.Text(`SELECT COALESCE(string_agg(id, '' ORDER BY id), '') FROM pols WHERE strpos(thalamus_fold(data ->> 'info'), $1) > 0`, word)
		ids, _, _ := listed(t, db, store.BookQuery{Text: word}, store.Keyset[store.BookKey]{Limit: 99})
		if got := strings.Join(slices.Sorted(slices.Values(ids)), ""); got != want {
			t.Errorf("%q finds %q, want %q", word, got, want)
		}
	}
}

// A key of a book is read as it was written, and nothing else is one.
func TestAKeyOfABookIsReadAsItWasWritten(t *testing.T) {
	for _, key := range []store.BookKey{{ID: "a b"}, {}, {Dated: true, Time: time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), ID: " "}} {
		if got, ok := store.ParseBookKey(key.Format()); got != key || !ok {
			t.Errorf("%v is read as %v, %v", key, got, ok)
		}
	}
	for _, text := range []string{"", "a", "a b", "1.5 b", "99999999999999999999 b", "999999999999999999 b"} {
		if got, ok := store.ParseBookKey(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
