// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// trace gives the lines of every table that hold a text.
func trace(db *testdb.DB, text string) (lines []string) {
	for _, table := range []string{"people", "pols", "personal_docs", "dus", "institutions", "thalamus_changes", "thalamus_feed", "thalamus_name_words", "thalamus_session"} {
		for _, row := range db.Rows(`SELECT t::text || ' ' || CASE WHEN to_jsonb(t) ->> 'document' IS NULL THEN '' ELSE
			encode((to_jsonb(t) ->> 'document')::bytea, 'escape') END FROM ` + table + ` AS t`) {
			if line, ok := row[0].(string); ok && strings.Contains(strings.ToLower(line), strings.ToLower(text)) {
				lines = append(lines, table+": "+line)
			}
		}
	}
	return lines
}

// byServer begins what a server does for an account.
const byServer = `SELECT set_config('thalamus.request', 'r', true), set_config('thalamus.account', 'A', true), set_config('thalamus.node', 'n', true); `

// busy is full with changes, some published, and what stays.
func busy(t *testing.T) *testdb.DB {
	t.Helper()
	db := full(t)
	db.Exec(`UPDATE people SET data = data || '{"password": "another hash"}'`)
	db.Exec(`SELECT thalamus_publish()`)
	for _, sql := range []string{
		`UPDATE people SET data = data || '{"n": 1}'`, `UPDATE pols SET data = data || '{"n": 1}'`,
		`UPDATE personal_docs SET document = 'Zoraida again', data = data || '{"n": 1}'`,
		byServer + `INSERT INTO pols (id, book, data) VALUES ('2', 'A', '{"of": "Zoraida"}')`, byServer + `DELETE FROM pols WHERE id = '2'`,
		`INSERT INTO thalamus_session (key, account, proof, address, agent) VALUES ('k', 'A', 'p', '', 'Zoraida''s phone'), ('l', 'B', 'p', '', 'Benito''s')`,
		`INSERT INTO people (id, data) VALUES ('B', '{"name": "Benito"}')`, `UPDATE people SET data = data || '{"n": 2}' WHERE id = 'B'`,
		`INSERT INTO pols (id, book, data) VALUES ('3', 'B', '{"of": "Benito"}')`,
	} {
		db.Exec(sql)
	}
	return db
}

func TestNothingIsLeftOfWhoIsErased(t *testing.T) {
	t.Parallel()
	db := busy(t)
	learn(t, db)
	others := trace(db, "Benito")
	if len(trace(db, "Zoraida")) < 7 {
		t.Fatalf("the trace is not found: %q", trace(db, "Zoraida"))
	}
	last := db.Text(`SELECT max(time)::text FROM thalamus_changes`)
	e, err := db.Erase(t.Context(), nobody, "A")
	if want := (store.Erased{People: 1, Pages: 1, Documents: 1, Changes: 8}); e != want || err != nil {
		t.Errorf("erased %+v, %v; want %+v", e, err, want)
	}
	for _, secret := range []string{"Zoraida", "hash"} {
		if left := trace(db, secret); left != nil {
			t.Errorf("left: %q", left)
		}
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_changes WHERE operation = 'cut' AND time <= $1::text::timestamptz`, last), nil, "0")
	if got := trace(db, "Benito"); strings.Join(got, "\n") != strings.Join(others, "\n") {
		t.Errorf("others were touched: %q, were %q", got, others)
	}
	wantText(t, db.Text(`SELECT string_agg(concat_ws(' ', resource, id, version, operation, person, before, document, account, request, node, db_user), ', '
		ORDER BY resource, id, version) FROM thalamus_changes WHERE person IS DISTINCT FROM 'B' AND resource IN ('person', 'page', 'document')`), nil,
		"document d 1 cut, document d 3 delete A, page 1 1 cut, page 1 3 delete A, page 2 1 cut, page 2 2 delete A, person A 1 cut, person A 3 delete A")
}

// The words of names that searches know, too, but not those that others have.
func TestTheNamesOfWhoIsErasedAreForgotten(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('A', '{"name": "Zoraida", "lastname": "Betancourt"}'), ('B', '{"name": "Benito", "lastname": "Betancourt"}')`,
		`UPDATE people SET data = data || '{"lastname": "Quintero"}' WHERE id = 'A'`,
	} {
		db.Exec(sql)
		learn(t, db)
	}
	const words = `SELECT string_agg(word, ' ' ORDER BY word) FROM thalamus_name_words`
	wantText(t, db.Text(words), nil, "benito betancourt quintero zoraida")
	db.Exec(`DELETE FROM thalamus_changes WHERE id = 'A' AND version = 2`) // as retention does
	_, err := db.Erase(t.Context(), nobody, "A")
	must(t, err)
	wantText(t, db.Text(words), nil, "benito betancourt")
}

// An erasure has the person and waits for the links, whoever links the other way round.
func TestAnErasureGetsPastALink(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	alike(db, "AB")
	say(t, db, "A=B")
	link := db.Hold(`SET LOCAL deadlock_timeout = '1min'; SELECT thalamus_lock_links()`)
	done := make(chan error)
	go func() {
		_, err := db.Erase(t.Context(), nobody, "A")
		done <- err
	}()
	db.AwaitWaiting(1)
	link(`UPDATE people SET linked = linked WHERE id = 'A'`)
	link(`COMMIT`)
	must(t, <-done)
	wantText(t, db.Text(`SELECT string_agg(id, ' ') FROM people`), nil, "B")
}

func TestThoseWhoFollowHearOfAnErasure(t *testing.T) {
	t.Parallel()
	db := busy(t)
	if _, err := db.Erase(t.Context(), nobody, "A"); err != nil {
		t.Fatal(err)
	}
	if got := db.Text(`SELECT thalamus_publish()::text`); got != "0" {
		t.Errorf("%s changes were not published", got)
	}
	const feed = `FROM thalamus_feed AS f JOIN thalamus_changes AS c ON c.seq = f.seq`
	wantText(t, db.Text(`SELECT string_agg(c.resource || ' ' || c.id || ' ' || c.operation, ', ' ORDER BY c.resource, c.id) `+feed+` WHERE c.person = 'A'`), nil,
		"document d delete, page 1 delete, page 2 delete, person A delete")
	wantText(t, db.Text(`SELECT count(*)::text `+feed+` WHERE c.operation = 'cut'`), nil, "0")
	wantText(t, db.Text(`SELECT (f.tag = s.tag)::text FROM thalamus_feed_state AS s JOIN thalamus_feed AS f USING (position)`), nil, "true")
	wantText(t, db.Text(`SELECT (count(*) = max(position))::text FROM thalamus_feed`), nil, "true")
}

func TestADeletedPersonIsErasedToo(t *testing.T) {
	t.Parallel()
	db := busy(t)
	db.Exec(`DELETE FROM personal_docs; DELETE FROM pols; DELETE FROM people`)
	for again, want := range []store.Erased{{Changes: 8}, {}} {
		e, err := db.Erase(t.Context(), nobody, "A")
		if e != want || err != nil {
			t.Errorf("%d: erased %+v, %v", again, e, err)
		}
	}
	if left := trace(db, "Zoraida"); left != nil {
		t.Errorf("left: %q", left)
	}
	_, err := db.Restore(t.Context(), nobody, "person", "A", "")
	if err == nil || !strings.Contains(err.Error(), "no longer kept") {
		t.Error(err)
	}
}

func TestAnErasedIDIsKnownToHaveBeenUsed(t *testing.T) {
	t.Parallel()
	db := busy(t)
	if _, err := db.Erase(t.Context(), nobody, "A"); err != nil {
		t.Fatal(err)
	}
	_, _, err := db.CreatePerson(t.Context(), fed.Write{Account: "B", Request: "r"}, "A", fed.Record(`{}`), nothing)
	wantKind(t, err, fed.Gone)
	stored, created, err := db.CreatePerson(t.Context(), fed.Write{Account: "B", Request: "r", Recreate: true}, "A", fed.Record(`{}`), nothing)
	if !created || err != nil || stored.Version != 4 {
		t.Errorf("%v %v %v", stored, created, err)
	}
	wantHistory(t, db, pastOfA, `4.0 create {}`, `3.0 delete `)
}

func TestAnErasureTakesTheMovedPagesOfItsTimeOnly(t *testing.T) {
	t.Parallel()
	db := busy(t)
	db.Exec(`UPDATE pols SET book = 'A', data = '{"of": "both"}' WHERE id = '3'`)
	db.Exec(`UPDATE pols SET book = 'B' WHERE id = '3'`)
	if _, err := db.Erase(t.Context(), nobody, "A"); err != nil {
		t.Fatal(err)
	}
	wantHistory(t, db, store.HistoryQuery{Resource: "page", ID: "3", Person: "B", Global: true},
		`5.0 create {"of": "both"}`, `2.0 delete `, `1.0 create {"of": "Benito"}`)
	wantHistory(t, db, store.HistoryQuery{Resource: "page", ID: "3", Person: "A", Global: true}, `4.0 delete `)
}

func TestDocumentsThatAreNobodysGoWithThePageAndOthersAreInTheWay(t *testing.T) {
	t.Parallel()
	db := busy(t)
	db.Exec(`INSERT INTO personal_docs (id, pol, data) VALUES ('n', '1', '{"of": "Zoraida"}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('b', 'B', '1', '{"of": "Benito"}')`)
	_, err := db.Erase(t.Context(), nobody, "A")
	wantKind(t, err, fed.Conflict)
	if err != nil && !strings.Contains(err.Error(), "this book: b;") {
		t.Error(err)
	}
	db.Exec(`DELETE FROM personal_docs WHERE id = 'b'`)
	if _, err := db.Erase(t.Context(), nobody, "A"); err != nil {
		t.Error(err)
	}
	if left := trace(db, "Zoraida"); left != nil {
		t.Errorf("left: %q", left)
	}
}

func TestOnlyTheOwnerOfTheTablesErases(t *testing.T) {
	t.Parallel()
	db := busy(t)
	server := testdb.At(t, db.As("server"))
	db.Exec(`GRANT SELECT, INSERT, UPDATE, DELETE ON people, pols, personal_docs TO server; GRANT SELECT ON thalamus_changes TO server`)
	before := trace(db, "")
	_, err := server.Erase(t.Context(), nobody, "A")
	wantKind(t, err, fed.Forbidden)
	if err != nil && !strings.Contains(err.Error(), "only the owner of the tables may erase") {
		t.Error(err)
	}
	if strings.Join(trace(db, ""), "\n") != strings.Join(before, "\n") {
		t.Error("something was changed")
	}
}

func TestAPageThatArrivesDuringAnErasureGoesToo(t *testing.T) {
	t.Parallel()
	db := busy(t)
	end := db.Hold(`INSERT INTO pols (id, book, data) VALUES ('late', 'A', '{"of": "Zoraida"}')`)
	done := make(chan error)
	go func() {
		_, err := db.Erase(t.Context(), nobody, "A")
		done <- err
	}()
	db.AwaitWaiting(1)
	end("COMMIT")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if left := trace(db, "Zoraida"); left != nil {
		t.Errorf("left: %q", left)
	}
}

func TestAPersonCreatedAgainDuringAnErasureIsNotTouched(t *testing.T) {
	t.Parallel()
	db := busy(t)
	db.Exec(`DELETE FROM personal_docs; DELETE FROM pols WHERE book = 'A'; DELETE FROM people WHERE id = 'A'`)
	end := db.Hold(`SELECT pg_advisory_xact_lock(x'7468616c'::int, 1)`) // as who publishes
	failed := make(chan error)
	go func() {
		_, err := db.Erase(t.Context(), nobody, "A")
		failed <- err
	}()
	db.AwaitWaiting(1)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"new": true}')`)
	end("COMMIT")
	wantKind(t, <-failed, fed.Conflict)
	if e, err := db.Erase(t.Context(), nobody, "A"); e.Changes != 10 || err != nil {
		t.Errorf("then erased %+v, %v", e, err)
	}
}

func TestACreationGoesOnAfterAnErasure(t *testing.T) {
	t.Parallel()
	db := busy(t)
	db.Exec(`DELETE FROM personal_docs; DELETE FROM pols WHERE book = 'A'; DELETE FROM people WHERE id = 'A'`)
	end := db.Hold(`INSERT INTO people (id, data) VALUES ('A', '{"new": true}')`)
	if _, err := db.Erase(t.Context(), nobody, "A"); err != nil {
		t.Error(err)
	}
	end("COMMIT")
	wantHistory(t, db, pastOfA, `4.0 create {"new": true}`, `3.0 delete `)
}
