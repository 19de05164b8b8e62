// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const hash = "$2b$12$Y9rX7PoTHRXhTO1H78Tan.8mVmyayGAUIveiYxu2Qeo0ZDRvJQ8/2"

func testRules() Rules {
	return Rules{
		Passwords: record.PasswordRules{Cost: 12},
		MaxRecord: testdb.MaxRecord, MaxElements: testdb.MaxElements, MaxDocument: 1 << 20,
	}
}

// load imports texts and gives the refusals, as "line: reason", and the tally.
func load(t *testing.T, db *testdb.DB, rules Rules, texts ...string) (refused []string, tally Tally) {
	t.Helper()
	im := Import{DB: db.DB, Rules: rules, Report: func(r Refusal) {
		refused = append(refused, fmt.Sprint(r.Source, r.Line, ": ", r.Reason))
	}}
	var sources []Source
	for i, text := range texts {
		sources = append(sources, Source{Name: string(rune('a' + i)), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(text)), nil
		}})
	}
	tally, err := im.Run(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	return refused, tally
}

// lines joins records of the forms "person ID {...}", "page ID PERSON {...}",
// "document ID PERSON PAGE BASE64 {...}".
func lines(records ...string) string {
	var all strings.Builder
	for _, record := range records {
		words := strings.SplitN(record, " {", 2)
		names := strings.Fields(words[0])
		fmt.Fprintf(&all, `{"resource":%q,"id":%q`, names[0], names[1])
		for i, key := range []string{"person", "page", "bytes"} {
			if len(names) > i+2 {
				fmt.Fprintf(&all, `,%q:%q`, key, names[i+2])
			}
		}
		fmt.Fprintf(&all, ",\"data\":{%s}\n", words[1])
	}
	return all.String()
}

func export(t *testing.T, db *testdb.DB, passwords bool) (string, *Export) {
	t.Helper()
	var out bytes.Buffer
	ex := &Export{DB: db.DB, Passwords: passwords}
	if err := ex.Run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String(), ex
}

func TestAnExportHoldsTheImportedRecords(t *testing.T) {
	t.Parallel()
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	large := bytes.Repeat(all, 2500) // several blocks
	db, other := testdb.New(t), testdb.New(t)
	withRoles := testRules()
	withRoles.WithRoles = true
	text := lines(
		`institution H {"n": 1234567890123456789012345678901234567890, "x": 1.50, "é": "日本 😀 \u0041"}`,
		`unit Ü1 {}`,
		`person esp1 {"name": null, "roles": "root, odd", "active": "no", "password": "`+hash+`"}`,
		`person ESP2 {"deep": `+strings.Repeat("[", 998)+strings.Repeat("]", 998)+`}`,
		`page p1 ESP1 {"id": "p1", "info": "`+strings.Repeat("long ", 100_000)+`"}`,
		`page p2 ESP2 {"id": "p2", "book": "ESP2", "measurements": [{"bp": {"systolic": 120}}]}`,
		`document d1 ESP1 p1 `+base64.StdEncoding.EncodeToString(all)+` {"hash": null}`,
		`document d2 ESP2 p2 `+base64.StdEncoding.EncodeToString(large)+` {}`,
	) + `{"resource":"document","id":"d3","person":"ESP2","page":"p2","data":{},"bytes":null}` + "\n"
	refused, tally := load(t, db, withRoles, text)
	want := map[fed.Resource]int{"institution": 1, "unit": 1, "person": 2, "page": 2, "document": 3}
	if diff := cmp.Diff(want, tally.Created); diff != "" || refused != nil {
		t.Fatal(refused, diff)
	}
	first, ex := export(t, db, true)
	if !maps.Equal(want, ex.Written) || len(ex.Left) > 0 {
		t.Errorf("exported %v, left %v", ex.Written, ex.Left)
	}
	if refused, _ := load(t, other, withRoles, first); refused != nil {
		t.Fatal(refused)
	}
	if second, _ := export(t, other, true); second != first {
		t.Error("the second export is not the first")
	}
	sum := sha512.Sum512(all)
	for q, want := range map[string]string{
		`SELECT data::text FROM people WHERE id = 'ESP1'`: `{"id": "ESP1", "name": null, "roles": "root, odd", "active": "no", "password": "` + hash + `"}`,
		`SELECT data->>'n' FROM institutions`:             "1234567890123456789012345678901234567890",
		`SELECT data::text FROM personal_docs WHERE id = 'd1'`: `{"id": "d1", "pol": "p1", "hash": "` + hex.EncodeToString(sum[:]) +
			`", "fedacct": "ESP1"}`,
		`SELECT encode(document, 'hex') FROM personal_docs WHERE id = 'd1'`:                                                             hex.EncodeToString(all),
		`SELECT (encode(sha512(document), 'hex') = data->>'hash')::text FROM personal_docs WHERE id = 'd2'`:                             "true",
		`SELECT string_agg(operation || coalesce(db_user, '?') || coalesce(request, '-'), ' ') FROM thalamus_changes WHERE id = 'ESP1'`: "createpostgres-",
	} {
		t.Run(q, func(t *testing.T) {
			if got := other.Text(q); got != want {
				t.Errorf("%s: %.300s, want %.300s", q, got, want)
			}
		})
	}
	without, _ := export(t, db, false)
	if strings.Contains(without, hash) || strings.Count(first, hash) != 1 {
		t.Error("the hash of a password is where it should not be, or is not where it should")
	}
}

func TestAnImportAgainFindsTheRecordsPresent(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	text := lines(
		`institution H {"a": 1.0}`, `unit U {"a": 1}`, `person A {"name": "Ana", "password": "`+hash+`"}`,
		`page p A {"id": "p"}`, `document d A p YWJj {"type": "picture"}`,
	)
	load(t, db, testRules(), text)
	again := func(rules Rules) {
		t.Helper()
		if refused, tally := load(t, db, rules, text); refused != nil || tally.Present != 5 || len(tally.Created) > 0 {
			t.Errorf("refused %v, tally %v", refused, tally)
		}
	}
	again(testRules())
	withRoles := testRules()
	withRoles.WithRoles = true
	again(withRoles)
	for _, table := range []string{"institutions", "dus", "people", "pols", "personal_docs"} {
		db.Exec(`UPDATE ` + table + ` SET data = data || '{"changed": true, "password": null}'`)
	}
	again(testRules())
	load(t, db, withRoles, lines(`person N {"name": "who holds no role"}`))
	if refused, _ := load(t, db, testRules(), lines(`person N {"name": "who holds no role"}`)); refused != nil {
		t.Error(refused)
	}
	if got := db.Text(`SELECT count(*)::text FROM people WHERE data ? 'changed'`); got != "1" {
		t.Error("a changed record was overwritten")
	}
}

func TestOtherContentIsRefusedAndNeverOverwritten(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	load(t, db, testRules(), lines(`institution H {}`, `unit U {}`, `person A {}`, `person B {}`, `page p A {"id": "p"}`, `page q B {"id": "q"}`, `document d A p YWJj {}`))
	db.Exec(`INSERT INTO people (id, data) VALUES ('NULL', NULL), ('TEXT', '"text"')`)
	before, _ := export(t, db, true)
	refused, tally := load(t, db, testRules(), lines(
		`institution H {"a": 1}`, `unit U {"a": 1}`, `person a {"a": 1}`, `person NULL {}`, `person TEXT {}`, `page p A {"id": "p", "a": 1}`,
		`page p B {"id": "p"}`, `document d A p YWJk {}`, `document d B q YWJj {}`,
	), lines(`person C {}`, `person C {"a": 2}`, `person c {}`))
	want := []string{}
	for i := range 9 {
		want = append(want, fmt.Sprintf("a%d: the id exists with other content", i+1))
	}
	if diff := cmp.Diff(append(want, "b2: the id exists with other content"), refused); diff != "" {
		t.Error(diff)
	}
	if tally.Present != 1 || tally.Created["person"] != 1 || tally.Refused != 10 {
		t.Errorf("tally %v", tally)
	}
	db.Exec(`DELETE FROM people WHERE id = 'C'`)
	if after, _ := export(t, db, true); after != before {
		t.Error("a record was changed")
	}
}

func TestOwnersMayBeEarlierInTheSameFile(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	refused, _ := load(t, db, testRules(), lines(
		`person A {}`, `page p A {"id": "p"}`, `page q X {"id": "q"}`, `page q A {"id": "q"}`, `document d A p YWJj {}`,
		`document e A r YWJj {}`, `person B {}`, `document f B p YWJj {}`,
	))
	want := []string{
		"a3: there is no such person", "a6: there is no such page in this person's book", "a8: there is no such page in this person's book",
	}
	if !slices.Equal(refused, want) {
		t.Errorf("refused %q, want %q", refused, want)
	}
}

// Chunks are merged at once, but not those that need each other.
func TestOrderHoldsFromChunkToChunk(t *testing.T) {
	t.Parallel()
	var first []string
	for n := range mostRecords - 2 {
		first = append(first, fmt.Sprintf(`person P%d {}`, n))
	}
	first = append(first, `person Z {"name": "Ana"}`, `page z Y {"id": "z"}`)
	second := fmt.Sprint("a", mostRecords+1, ": the id exists with other content")
	for next, want := range map[string][]string{`person Z {"name": "Eva"}`: {second}, `page y Z {"id": "y"}`: nil, `document d Y z YWJj {}`: nil} {
		t.Run(strings.Fields(next)[0], func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			db.Exec(`INSERT INTO people (id, data) VALUES ('Y', '{}')`)
			if got, _ := load(t, db, testRules(), lines(slices.Concat(first, []string{next})...)); !slices.Equal(got, want) {
				t.Errorf("refused %q, want %q", got, want)
			}
		})
	}
}

// large is a federation that no buffer between here and there holds.
func large(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('story', repeat('a long story ', 30000)) FROM generate_series(1, 9) AS n`)
	return db
}

func TestAnExportThatCannotBeWrittenSaysSo(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	ex := &Export{DB: large(t).DB}
	if err := ex.Run(t.Context(), writeFunc(func([]byte) (int, error) { return 0, full })); err != full { //nolint:errorlint // and nothing else
		t.Errorf("got %v", err)
	}
}

// A site may end statements and transactions that take long: not this one. It reads with a
// statement that lasts, and the rest of a large document in a transaction that is idle before.
func TestAnExportMayTakeItsTime(t *testing.T) {
	t.Parallel()
	db := large(t)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', '1', '{}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('d', '1', 'p', convert_to(repeat('x', 5 << 20), 'UTF8'), '{}')`)
	db.Exec(`DO $$ BEGIN
		EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = 200', current_database());
		EXECUTE format('ALTER DATABASE %I SET statement_timeout = 200', current_database());
	END $$`)
	late := sync.OnceFunc(func() { awaitTimeouts(t, db.URL) })
	ex := &Export{DB: testdb.At(t, db.URL).DB}
	err := ex.Run(t.Context(), writeFunc(func(p []byte) (int, error) {
		late()
		return len(p), nil
	}))
	if err != nil || ex.Written["person"] != 9 || ex.Written["document"] != 1 {
		t.Errorf("got %v, %v", ex.Written, err)
	}
}

// awaitTimeouts returns when the site has ended a statement and a transaction that are not
// older than this call.
func awaitTimeouts(t *testing.T, url string) {
	t.Helper()
	conn := testdb.Connect(t, url)
	_, err := conn.Exec(t.Context(), `SELECT pg_sleep(3600)`)
	if err == nil || !strings.Contains(err.Error(), "statement timeout") {
		t.Errorf("a statement: %v", err)
	}

	_, err = conn.Exec(t.Context(), `BEGIN`)
	if err != nil {
		t.Errorf("a transaction: %v", err)
	}
	_, err = conn.WaitForNotification(t.Context())
	if err == nil || !strings.Contains(err.Error(), "idle-in-transaction timeout") {
		t.Errorf("an idle transaction: %v", err)
	}
}

type writeFunc func([]byte) (int, error)

func (f writeFunc) Write(p []byte) (int, error) { return f(p) }
