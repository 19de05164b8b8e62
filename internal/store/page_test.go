// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
)

func TestAPageIsFoundInItsOwnBookOnly(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('null', 'A', NULL), ('list', 'A', '[]'), ('nobody''s', NULL, '{}')`)
	record, err := db.For(fed.Operator).Page(t.Context(), "A", "1")
	wantRecord(t, record, err, `{"id": "1", "book": "A"}`)
	for _, c := range [][2]string{{"B", "1"}, {"A", "2"}, {"A", "null"}, {"A", "list"}, {"A", "nobody's"}, {"", "nobody's"}} {
		_, err := db.For(fed.Operator).Page(t.Context(), c[0], c[1])
		wantKind(t, err, fed.NotFound)
	}
}

func TestABookHasThePagesOfItsPersonThatAreObjects(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{"n": 2}'), ('3', 'A', NULL), ('4', 'A', '[]'), ('5', 'B', '{}')`)
	for book, want := range map[string]map[string]bool{
		"A": {`{"id": "1", "book": "A"}`: true, `{"n": 2}`: true}, "B": {`{}`: true}, "nobody": {},
	} {
		var got []string
		err := db.For(fed.Operator).EachPage(t.Context(), book, eager, func(r fed.Record) error {
			got = append(got, string(r))
			return nil
		})
		if diff := cmp.Diff(want, set(got)); diff != "" || err != nil {
			t.Errorf("%s: %v: %s", book, err, diff)
		}
	}
}

func TestTheSamePageAgainIsASuccess(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	data := fed.Record(`{"info": null, "n": 1.0, "id": "2"}`)
	if _, created, err := db.CreatePage(t.Context(), nobody, "A", "2", data); !created || err != nil {
		t.Fatalf("created %v, %v", created, err)
	}
	const want = `{"n": 1.0, "id": "2", "info": null}`
	stored, created, err := db.CreatePage(t.Context(), nobody, "A", "2", fed.Record(`{"id": "2", "n": 1, "info": null}`))
	wantRecord(t, stored, err, want)
	if created {
		t.Error("created twice")
	}
	wantText(t, db.Text(`SELECT data::text FROM pols WHERE id = '2'`), nil, want)
}

func TestTheCreationOfAPageCountsAsTheSameForEver(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, patch := range []string{`{"info": "a"}`, `{"info": "b"}`} {
		if _, err := db.ChangePage(t.Context(), nobody, "A", "1", fed.Record(patch)); err != nil {
			t.Fatal(err)
		}
	}
	const now = `{"id": "1", "book": "A", "info": "b"}`
	for _, data := range []string{pageOne, now} {
		stored, created, err := db.CreatePage(t.Context(), nobody, "A", "1", fed.Record(data))
		wantRecord(t, stored, err, now)
		if created {
			t.Error("created again")
		}
	}
	_, _, err := db.CreatePage(t.Context(), nobody, "A", "1", fed.Record(`{"id": "1", "book": "A", "info": "a"}`))
	wantKind(t, err, fed.Conflict)
}

func TestAnIDThatIsTakenIsAConflict(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('null', 'A', NULL), ('nobody''s', NULL, '{}')`)
	for _, c := range []struct{ book, id, data string }{
		{"A", "1", `{"id": "1"}`}, {"B", "1", pageOne}, {"A", "null", `{}`}, {"A", "nobody's", `{}`},
	} {
		t.Run(c.book, func(t *testing.T) {
			_, created, err := db.CreatePage(t.Context(), nobody, c.book, c.id, fed.Record(c.data))
			wantKind(t, err, fed.Conflict)
			if created {
				t.Errorf("%v was created", c)
			}
		})
	}
	wantText(t, db.Text(`SELECT data::text FROM pols WHERE id = '1'`), nil, `{"id": "1", "book": "A"}`)
}

func TestAPageOfNobodyIsNotFoundWhateverItsID(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, id := range []string{"1", "2"} {
		_, _, err := db.CreatePage(t.Context(), nobody, "nobody", id, fed.Record(pageOne))
		wantKind(t, err, fed.NotFound)
		if err != nil && err.(*fed.Error).Msg != "Person not found" { //nolint:errorlint // its own sentence
			t.Errorf("%s: the sentence is %v", id, err)
		}
	}
}

func TestTwoHundredEqualPagesAtOnceMakeOne(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	var creations atomic.Int32
	errs := atOnce(200, func(int) error {
		_, created, err := db.CreatePage(t.Context(), nobody, "B", "2", fed.Record(`{"id": "2"}`))
		if created {
			creations.Add(1)
		}
		return err
	})
	if err := errors.Join(errs...); err != nil || creations.Load() != 1 {
		t.Errorf("created %d times: %v", creations.Load(), err)
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM pols WHERE book = 'B'`), nil, "1")
}

func TestAPatchChangesAPageOfItsOwnBookOnly(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	stored, err := db.ChangePage(t.Context(), nobody, "A", "1", fed.Record(`{"info": {"a": 1}}`))
	wantRecord(t, stored, err, `{"id": "1", "book": "A", "info": {"a": 1}}`)
	for _, c := range [][2]string{{"B", "1"}, {"A", "2"}} {
		_, err := db.ChangePage(t.Context(), nobody, c[0], c[1], fed.Record(`{"info": 2}`))
		wantKind(t, err, fed.NotFound)
	}
	wantText(t, db.Text(`SELECT data ->> 'info' FROM pols`), nil, `{"a": 1}`)
}
