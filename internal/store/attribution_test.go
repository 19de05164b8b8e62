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

// doctor is who writes in these tests, in the request r1.
var doctor = fed.Write{Account: "DR", Request: "r1"}

// told is what history tells of a record's changes, oldest first.
func told(db *testdb.DB, resource, id string) string {
	const q = `SELECT COALESCE(string_agg(concat_ws(' ', operation, version, COALESCE(person, '-'), COALESCE(account, '-'),
		COALESCE(request, '-'), COALESCE(node, '-'), COALESCE(db_user, '-')), '; ' ORDER BY seq), '')
		FROM thalamus_changes WHERE resource = $1 AND id = $2`
	return db.Text(q, resource, id)
}

// from is a body that names a node, as its creation's or its change's.
func from(info, node string) fed.Record {
	return fed.Record(fmt.Sprintf(`{"n": %q, %q: {"node": %q}}`, node, info, node))
}

func wantTold(t *testing.T, db *testdb.DB, resource, id string, want ...string) {
	t.Helper()
	wantText(t, told(db, resource, id), nil, strings.Join(want, "; "))
}

// must fails the test at an error of a call that is only its preparation.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestHistoryTellsWhoWroteAPersonAndFromWhichNode(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	_, _, err := db.CreatePerson(t.Context(), doctor, "P", from("creation_info", "one"), fed.Record(`{"active": false}`))
	must(t, err)
	for _, patch := range []string{string(from("modification_info", "two")), `{"x": 1}`} {
		_, err := db.ChangePerson(t.Context(), doctor, "P", patchOf(patch))
		must(t, err)
	}
	must(t, db.DeletePerson(t.Context(), doctor, "P"))
	wantTold(t, db, "person", "P", "create 1 P DR r1 one postgres", "update 2 P DR r1 two postgres",
		"update 3 P DR r1 - postgres", // two stands in the record, but this write did not say it
		"delete 4 P DR r1 - postgres")
}

func TestHistoryTellsWhoWroteAPageAndFromWhichNode(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	_, _, err := db.CreatePage(t.Context(), doctor, "A", "2", from("modification_info", "one"))
	must(t, err)
	_, err = db.ChangePage(t.Context(), doctor, "A", "2", from("creation_info", "two"))
	must(t, err)
	must(t, db.DeletePage(t.Context(), doctor, "A", "2"))
	wantTold(t, db, "page", "2", "create 1 A DR r1 one postgres", "update 2 A DR r1 two postgres", "delete 3 A DR r1 - postgres")
}

func TestHistoryTellsWhoWroteADocumentAndFromWhichNode(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	u := upload("d", true, []byte("bytes"))
	u.Data = from("creation_info", "one")
	_, _, _, err := db.CreateDocument(t.Context(), doctor, u)
	must(t, err)
	key := store.DocumentKey{Person: "A", Page: "1", ID: "d"}
	_, err = db.ChangeDocument(t.Context(), doctor, key, from("modification_info", "two"))
	must(t, err)
	must(t, db.DeleteDocument(t.Context(), doctor, key))
	wantTold(t, db, "document", "d", "create 1 A DR r1 one postgres", "update 2 A DR r1 two postgres", "delete 3 A DR r1 - postgres")
}

func TestHistoryTellsWhoWroteARecordOfARegistry(t *testing.T) {
	eachRegistry(t, func(t *testing.T, db *testdb.DB, r store.Registry, table string) {
		_, _, err := r.Create(t.Context(), doctor, "U", from("creation_info", "one"), nothing)
		must(t, err)
		_, err = r.Change(t.Context(), doctor, "U", from("modification_info", "two"))
		must(t, err)
		must(t, r.Delete(t.Context(), doctor, "U"))
		resource := map[string]string{"dus": "unit", "institutions": "institution"}[table]
		wantTold(t, db, resource, "U", "create 1 - DR r1 one postgres", "update 2 - DR r1 two postgres", "delete 3 - DR r1 - postgres")
	})
}

// All of them go over one connection, which must not remember.
func TestTheWriterIsForgottenWithTheWrite(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`CREATE TABLE heard (request text);
		CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN INSERT INTO heard VALUES (current_setting('thalamus.request', true)); RETURN NULL; END $$;
		CREATE TRIGGER hear AFTER UPDATE ON people FOR EACH STATEMENT EXECUTE FUNCTION hear()`)
	single, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: 1, MaxRecord: testdb.MaxRecord, MaxElements: testdb.MaxElements})
	must(t, err)
	defer single.Close()
	_, err = single.ChangePage(t.Context(), doctor, "A", "1", from("modification_info", "one"))
	must(t, err)
	must(t, single.UpgradeHash(t.Context(), "A", "none", "other")) // this says nothing of a request
	wantText(t, db.Text(`SELECT request FROM heard`), nil, "")
	_, err = single.ChangePage(t.Context(), nobody, "A", "1", fed.Record(`{"n": 2}`))
	must(t, err)
	_, err = single.ChangePerson(t.Context(), fed.Write{Account: "A", Request: "r2"}, "A", store.PersonChange{
		Patch: nothing, Filled: fed.Record(`{"password": "new"}`), Roles: nothing, Password: true, Own: true,
	})
	must(t, err)
	wantTold(t, db, "page", "1", "create 1 A - - - postgres", "update 2 A DR r1 one postgres", "update 3 A - - - postgres")
	wantTold(t, db, "person", "A", "create 1 A - - - postgres", "password 1 A A r2 - postgres")
}

func TestAWriteThatChangesNothingIsNotInHistory(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	stored, created, err := db.CreatePage(t.Context(), doctor, "A", "1", fed.Record(pageOne))
	if stored.Version != 1 || created || err != nil {
		t.Errorf("a replay gave version %d, created %v, %v", stored.Version, created, err)
	}
	for _, patch := range []string{`{}`, `{"id": "1"}`} {
		if stored, err := db.ChangePage(t.Context(), doctor, "A", "1", fed.Record(patch)); stored.Version != 1 || err != nil {
			t.Errorf("%s gave version %d, %v", patch, stored.Version, err)
		}
	}
	wantTold(t, db, "page", "1", "create 1 A - - - postgres")
}

// The writer says that it is the same password; nobody could tell.
func TestAStrongerHashOfTheSamePasswordLeavesARowForGlobalReaders(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('P', '{"password": "weak"}')`)
	must(t, db.UpgradeHash(t.Context(), "P", "weak", "strong"))
	must(t, db.UpgradeHash(t.Context(), "P", "weak", "older"))
	wantText(t, db.Text(`SELECT (data ->> 'password') || version FROM people`), nil, "strong1")
	wantTold(t, db, "person", "P", "create 1 P - - - postgres", "upgrade 1 P - - - postgres")
	past := store.HistoryQuery{Resource: "person", ID: "P", Person: "P"}
	wantHistory(t, db, past, `1.0 create {}`)
	past.Global = true
	wantHistory(t, db, past, `1.1 upgrade `, `1.0 create {}`)
	wantText(t, feedLog(t, db.URL, 0), nil, "P1")
}

func TestANewPasswordIsInHistoryWithoutItsHash(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	_, _, err := db.CreatePerson(t.Context(), doctor, "P", fed.Record(`{"password": "hash-one"}`), nothing)
	must(t, err)
	for _, hash := range []string{"hash-two", "hash-three"} {
		stored, err := db.ChangePerson(t.Context(), doctor, "P", store.PersonChange{
			Patch: nothing, Filled: fed.Record(`{"password": "` + hash + `"}`), Roles: nothing, Password: true, Own: true,
		})
		if stored.Version != 1 || err != nil {
			t.Errorf("got version %d, %v", stored.Version, err)
		}
	}
	_, err = db.ChangePerson(t.Context(), doctor, "P", patchOf(`{"n": 1}`))
	must(t, err)
	wantTold(t, db, "person", "P", "create 1 P DR r1 - postgres", "password 1 P DR r1 - postgres", "password 1 P DR r1 - postgres", "update 2 P DR r1 - postgres")
	if all := db.Text(`SELECT string_agg(c::text, '') FROM thalamus_changes AS c`); strings.Contains(all, "hash-") {
		t.Errorf("history holds a hash: %s", all)
	}
}

// These are the Python server's statements.
func TestThePythonServersWritesAreInHistory(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ($1, $2)`, "P", string(from("creation_info", "one")))
	db.Exec(`UPDATE people SET data = data || $1::jsonb WHERE id = $2`, string(from("modification_info", "two")), "P")
	db.Exec(`UPDATE people SET data = data || '{"x": 1}' WHERE id = 'P'`)
	wantTold(t, db, "person", "P", "create 1 P - - one postgres", "update 2 P - - two postgres", "update 3 P - - - postgres")
}

func TestReadsAndWritesCarryTheVersion(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for want := int64(2); want < 5; want++ {
		written, err := db.ChangePage(t.Context(), doctor, "A", "1", fed.Record(fmt.Sprintf(`{"n": %d}`, want)))
		must(t, err)
		read, err := db.For(fed.Operator).Page(t.Context(), "A", "1")
		must(t, err)
		if written.Version != want || read.Version != want {
			t.Errorf("wrote version %d, read %d, want %d", written.Version, read.Version, want)
		}
	}
	_, err := db.ChangePerson(t.Context(), doctor, "A", patchOf(`{"n": 1}`))
	must(t, err)
	if read, err := db.For(fed.Operator).Person(t.Context(), "A"); read.Version != 2 || err != nil {
		t.Errorf("read version %d of the person, %v", read.Version, err)
	}
}
