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

// full is a database with a person, page, document, unit and institution.
func full(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('A', '{"id": "A", "name": "Zoraida", "password": "secret hash"}')`,
		`INSERT INTO pols (id, book, data) VALUES ('1', 'A', '{"id": "1", "of": "Zoraida"}')`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('d', 'A', '1', 'Zoraida''s bytes', '{"id": "d", "pol": "1", "of": "Zoraida"}')`,
		`INSERT INTO dus (id, data) VALUES ('u', '{"id": "u"}')`,
		`INSERT INTO institutions (id, data) VALUES ('i', '{"id": "i"}')`,
	} {
		db.Exec(sql)
	}
	return db
}

var fullResources = []struct {
	resource  fed.Resource
	id, table string
}{
	{"person", "A", "people"}, {"page", "1", "pols"}, {"document", "d", "personal_docs"}, {"unit", "u", "dus"}, {"institution", "i", "institutions"},
}

// deleteFull deletes all of it, documents first.
func deleteFull(db *testdb.DB) {
	db.Exec(`DELETE FROM personal_docs; DELETE FROM pols; DELETE FROM people; DELETE FROM dus; DELETE FROM institutions`)
}

func TestADeletedRecordIsPutBackAsItWas(t *testing.T) {
	t.Parallel()
	db := full(t)
	all := func() (rows []string) {
		for _, r := range fullResources {
			rows = append(rows, db.Text(`SELECT (to_jsonb(r) - 'version' #- '{data,password}')::text FROM `+r.table+` AS r`))
		}
		return rows
	}
	for _, r := range fullResources {
		db.Exec(`UPDATE ` + r.table + ` SET data = data || '{"changed": true}'`)
	}
	before := all()
	deleteFull(db)
	for _, r := range fullResources {
		got, err := db.Restore(t.Context(), nobody, r.resource, r.id, "")
		if err != nil || got.Version != 4 {
			t.Errorf("%s: %+v, %v", r.resource, got, err)
		}
	}
	if diff := cmp.Diff(before, all()); diff != "" {
		t.Errorf("(-before +restored)\n%s", diff)
	}
	for _, r := range fullResources {
		wantText(t, db.Text(`SELECT concat_ws(' ', version, operation, account, request, db_user) FROM thalamus_changes
			WHERE resource = $1 ORDER BY seq DESC LIMIT 1`, r.resource), nil, "4 create postgres")
		wantText(t, db.Text(`SELECT version::text FROM `+r.table), nil, "4")
	}
	if got := db.Text(`SELECT count(*)::text FROM people WHERE data ? 'password'`); got != "0" {
		t.Error("a password came back")
	}
}

func TestACreationRepeatedAfterARestoreIsStillTheSame(t *testing.T) {
	t.Parallel()
	db := full(t)
	db.Exec(`UPDATE pols SET data = data || '{"changed": 1}'; DELETE FROM personal_docs; DELETE FROM pols`)
	if _, err := db.Restore(t.Context(), nobody, "page", "1", ""); err != nil {
		t.Fatal(err)
	}
	wantText(t, db.Text(`SELECT creation::text FROM pols`), nil, `{"id": "1", "of": "Zoraida"}`)
}

func TestARestoreThatCannotBeIsRefusedInASentence(t *testing.T) {
	t.Parallel()
	db := full(t)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('old', 'A', '1', '{}'); DELETE FROM personal_docs WHERE id = 'old'`)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('null', NULL); DELETE FROM dus WHERE id = 'null'`)
	check := func(resource fed.Resource, id, page, want string) {
		t.Helper()
		before := db.Text(`SELECT count(*)::text FROM thalamus_changes`)
		if _, err := db.Restore(t.Context(), nobody, resource, id, page); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %s: %v, want %s", resource, id, err, want)
		}
		wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_changes`), nil, before)
	}
	check("page", "1", "", "page 1 exists")
	check("page", "2", "", "page 2 was never there")
	check("page", "A", "", "page A was never there")
	check("book", "A", "", "nothing like a \"book\"")
	check("unit", "null", "", "no longer kept")
	check("document", "old", "", "add --page PAGE")
	check("document", "old", "none", "no page none; restore that first")
	if _, err := db.Restore(t.Context(), nobody, "document", "old", "1"); err != nil {
		t.Error(err)
	}
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('moved', 'A', '1', '{"pol": "1"}'); DELETE FROM personal_docs WHERE id = 'moved'`)
	check("document", "moved", "none", "no page none; restore that first")
	deleteFull(db)
	check("page", "1", "", "there is no person A; restore that first")
	check("document", "d", "", "no person A or no page 1; restore that first")
}

func TestARestoreAndACreationAtOnceDoNotMixUp(t *testing.T) {
	t.Parallel()
	db := full(t)
	deleteFull(db)
	end := db.Hold(`INSERT INTO dus (id, data) VALUES ('u', '{"id": "u", "new": true}')`)
	failed := make(chan error)
	go func() {
		_, err := db.Restore(t.Context(), nobody, "unit", "u", "")
		failed <- err
	}()
	db.AwaitWaiting(1)
	end("COMMIT")
	if err := <-failed; err == nil || !strings.Contains(err.Error(), "try again") {
		t.Error(err)
	}
	wantHistory(t, db, store.HistoryQuery{Resource: "unit", ID: "u"}, `3.0 create {"id": "u", "new": true}`)
}
