// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// eachRegistry runs a test for units and for institutions.
func eachRegistry(t *testing.T, test func(t *testing.T, db *testdb.DB, r store.Registry, table string)) {
	t.Helper()
	t.Parallel()
	for table, resource := range map[string]fed.Resource{"dus": fed.Unit, "institutions": fed.Institution} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			test(t, db, db.Registry(resource), table)
		})
	}
}

func TestARecordOfARegistryIsCreatedOnce(t *testing.T) {
	eachRegistry(t, func(t *testing.T, db *testdb.DB, r store.Registry, table string) {
		create := func(data string) (fed.Stored, bool, error) {
			return r.Create(t.Context(), nobody, "U", fed.Record(data), fed.Record(`{"id": "U"}`))
		}
		for _, wantCreated := range []bool{true, false} {
			stored, created, err := create(`{"n": 1}`)
			wantRecord(t, stored, err, `{"n": 1, "id": "U"}`)
			if created != wantCreated {
				t.Errorf("created %v, want %v", created, wantCreated)
			}
		}
		_, _, err := create(`{"n": 2}`)
		wantKind(t, err, fed.Conflict)
		wantText(t, db.Text(`SELECT data::text FROM `+table), nil, `{"n": 1, "id": "U"}`)
	})
}

func TestTheCreationOfARecordCountsAsTheSameForEver(t *testing.T) {
	eachRegistry(t, func(t *testing.T, db *testdb.DB, r store.Registry, table string) {
		db.Exec(`INSERT INTO ` + table + ` (id, data) VALUES ('U', '{"n": 1}')`)
		for _, patch := range []string{`{"n": 2}`, `{"n": 3, "null": null}`} {
			if _, err := r.Change(t.Context(), nobody, "U", fed.Record(patch)); err != nil {
				t.Fatal(err)
			}
		}
		for _, same := range []string{`{"n": 1}`, `{"n": 3, "null": null}`} {
			stored, created, err := r.Create(t.Context(), nobody, "U", fed.Record(same), nothing)
			wantRecord(t, stored, err, `{"n": 3, "null": null}`)
			if created {
				t.Error("created again")
			}
		}
		_, _, err := r.Create(t.Context(), nobody, "U", fed.Record(`{"n": 2}`), nothing)
		wantKind(t, err, fed.Conflict)
	})
}

func TestARegistryIsListedByIDWithoutWhatIsNoObject(t *testing.T) {
	eachRegistry(t, func(t *testing.T, db *testdb.DB, r store.Registry, table string) {
		db.Exec(`INSERT INTO ` + table + ` (id, data) VALUES ('B', '{"n": 2}'), ('C', NULL), ('D', '[]'), ('A', '{"n": 1}')`)
		var got []string
		err := r.Each(t.Context(), fed.Operator, store.Keyset[string]{}, eager, func(record fed.Record) error {
			got = append(got, string(record))
			return nil
		})
		if diff := cmp.Diff([]string{`{"n": 1}`, `{"n": 2}`}, got); diff != "" || err != nil {
			t.Errorf("%v: %s", err, diff)
		}
		record, err := r.Get(t.Context(), fed.Operator, "B")
		wantRecord(t, record, err, `{"n": 2}`)
		for _, id := range []string{"C", "D", "b", ""} {
			_, err := r.Get(t.Context(), fed.Operator, id)
			wantKind(t, err, fed.NotFound)
		}
	})
}

func TestARecordOfARegistryIsDeletedOnce(t *testing.T) {
	eachRegistry(t, func(t *testing.T, db *testdb.DB, r store.Registry, table string) {
		db.Exec(`INSERT INTO ` + table + ` (id, data) VALUES ('U', NULL), ('V', '{}')`)
		if err := r.Delete(t.Context(), nobody, "U"); err != nil {
			t.Error(err)
		}
		wantKind(t, r.Delete(t.Context(), nobody, "U"), fed.NotFound)
		wantText(t, db.Text(`SELECT string_agg(id, ',') FROM `+table), nil, "V")
	})
}

func TestTheSentenceSaysWhatIsNotFound(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for noun, r := range map[string]store.Registry{"Domiciliary unit": db.Registry(fed.Unit), "Institution": db.Registry(fed.Institution)} {
		t.Run(noun, func(t *testing.T) {
			_, notRead := r.Get(t.Context(), fed.Operator, "X")
			_, notChanged := r.Change(t.Context(), nobody, "X", nothing)
			for _, err := range []error{notRead, notChanged, r.Delete(t.Context(), nobody, "X")} {
				wantKind(t, err, fed.NotFound)
				if err == nil || !strings.HasPrefix(err.Error(), noun) {
					t.Errorf("got %v, want something about %s", err, noun)
				}
			}
		})
	}
}
