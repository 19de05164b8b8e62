// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

func TestARefusalTellsTheReason(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	load(t, db, testRules(), lines(`person A {}`, `page p A {"id": "p"}`))
	deep := strings.Repeat("[", 1000) + strings.Repeat("]", 1000)
	person := func(data string) string { return `{"resource":"person","id":"N","data":` + data + `}` }
	document := func(rest string) string {
		return `{"resource":"document","id":"d","person":"A","page":"p",` + rest + `}`
	}
	const noJSON, plain, envelope = "The record is not well-formed JSON.", "password must be a bcrypt hash; plain passwords are not imported", "besides resource a record has id, person, page, data and bytes, and no other keys"
	for text, want := range map[string]string{
		`nonsense`: errNoObject.Msg, `{"a":1`: errNoObject.Msg, `[1]` + "\n": "1", "5": errNoObject.Msg, "{}": "the record does not tell what it is; say it with --resource",
		person(`{"a":bad}`): noJSON, person(`[]`): "The record must be a JSON object.", person(`null`): "The record must be a JSON object.",
		person("{\"a\":\"\xff\"}"):                            "the record is not UTF-8",
		person(`{"a":"\u0000"}`):                              `The record holds the character \u0000, which cannot be stored.`,
		person(`{"a":"\ud800"}`):                              "The record holds half a surrogate pair, which cannot be stored.",
		person(`{"a":` + deep + `}`):                          "The record is nested deeper than 1000 levels.",
		person(`{"a":1e1000}`):                                "The record holds a number of more than 1,000 digits.",
		person(`{"roles":["root"]}`):                          "roles other than end_user are imported only with --with-roles",
		person(`{"roles":"root"}`):                            "roles other than end_user are imported only with --with-roles",
		`{"resource":"person","id":"N","page":bad,"data":{}}`: errNoObject.Msg,
		person(`{"roles":[],"ro\u006ces":[]}`):                "roles other than end_user are imported only with --with-roles",
		person(`{"active":false}`):                            "a person who is not active is imported only with --with-roles",
		person(`{"password":"secret"}`):                       plain, person(`{"password":null,"p\u0061ssword":"secret"}`): plain,
		person(`{"password":5}`):                                                  "password must be a text",
		`{"resource":"person","data":{}}`:                                         "id must be a text",
		`{"resource":"person","id":"a\u0000","data":{}}`:                          "id must be a text",
		`{"resource":"person","id":"a/b","data":{}}`:                              "An id is a text without slashes, and neither . nor .. .",
		`{"resource":"person","id":"` + strings.Repeat("x", 256) + `","data":{}}`: "An id has at most 255 characters.",
		`{"resource":"unit","id":"..","data":{}}`:                                 "An id is a text without slashes, and neither . nor .. .",
		`{"resource":"page","id":"a\nb","person":"A","data":{"id":"a\nb"}}`:       "An id has no control or format characters and is UTF-8.",
		`{"resource":"person","id":"N"}`:                                          envelope,
		`{"resource":"person","id":"N","data":{},"version":1}`:                    envelope,
		`{"resource":"persons","id":"N","data":{}}`:                               "resource must be person, page, document, unit, institution or link",
		`{"resource":"person","id":"N","data":{},"bytes":"YWJj"}`:                 "only a document has bytes",
		`{"resource":"unit","id":"N","data":{"id":"M"}}`:                          "id in the data must be the one that the record names",
		`{"resource":"page","id":"n","person":"A","data":{}}`:                     "the data must have the page's id",
		`{"resource":"page","id":"n","person":"n","data":{"id":"n"}}`:             "there is no such person",
		`{"resource":"page","id":"n","data":{"id":"n"}}`:                          "the page does not say whose it is; say it with --book",
		`{"id":"n","book":null}`:                                                  "the page does not say whose it is; say it with --book",
		`{"id":"n","book":7}`:                                                     "book must be a text",
		document(`"data":{}`):                                                     "a document needs bytes, in base64",
		document(`"data":{},"bytes":""`):                                          "the document is empty",
		document(`"data":{},"bytes":"YWJ"`):                                       "bytes must be a text in base64",
		document(`"data":{},"bytes":{}`):                                          "bytes must be a text in base64",
		document(`"data":{"hash":"00"},"bytes":"YWJj"`):                           "hash is not the SHA-512 of the document, in hexadecimal",
		document(`"data":{"pol":"q"},"bytes":"YWJj"`):                             "pol in the data must be the one that the record names",
		document(`"data":{"fedacct":null},"bytes":null`):                          "fedacct in the data must be the one that the record names",
		document(`"data":{},"bytes":"` + strings.Repeat("AAAA", 1<<20/3+1) + `"`): "the document is larger than 1048576 bytes",
		strings.Repeat("x", 40<<20):                                               "the record is too long",
		person(`{"a":[` + strings.Repeat("[],", testdb.MaxElements) + `[]]}`):     "The record has more than 10000 keys and array elements.",
		person(`{"a":"` + strings.Repeat("x", testdb.MaxRecord) + `"}`):           "The record is larger than 8388608 bytes when its numbers are written out.",
	} {
		t.Run(text, func(t *testing.T) {
			if strings.HasPrefix(text, "[") {
				want = errNoObject.Msg
			}
			refused, tally := load(t, db, testRules(), text)
			if diff := cmp.Diff([]string{"a1: " + want}, refused); diff != "" || tally.Refused != 1 {
				t.Errorf("%.100q (-want +got): %s", text, diff)
			}
		})
	}
	if got := db.Text(`SELECT count(*)::text FROM thalamus_changes`); got != "2" {
		t.Errorf("%s changes, want 2", got)
	}
}

// All these records are on one line.
func TestRefusalsComeInTheOrderOfRecords(t *testing.T) {
	t.Parallel()
	var refused []string
	im := Import{DB: testdb.New(t).DB, Rules: testRules(), Report: func(r Refusal) { refused = append(refused, r.String()) }}
	const list = `[[{"id":"A","password":"x"}],[{"id":"p","book":"nobody"}],[5],[{"id":"B","roles":["end_user"]}],[{"id":"q","book":"nobody"}]]`
	_, err := im.Run(t.Context(), []Source{{"f", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(list)), nil }}})
	want := []string{
		"f:1: password must be a bcrypt hash; plain passwords are not imported", "f:1: record 2: there is no such person",
		"f:1: record 3: the record is not a well-formed JSON object", "f:1: record 5: there is no such person",
	}
	if diff := cmp.Diff(want, refused); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestRecordsWithoutAnEnvelope(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	refused, tally := load(t, db, testRules(), `[{"id":"A","gender":"f"},{"id":"p","book":"A"},{"id":"X"}]`, `{"id":"b","lastname":"B"}`)
	if want := []string{"a1: the record does not tell what it is; say it with --resource"}; !cmp.Equal(refused, want) || tally.Created["person"] != 2 || tally.Created["page"] != 1 {
		t.Error(refused, tally)
	}
	refused, tally = load(t, db, testRules(), `[[{"id":"C","roles":[]}],[{"id":"D","password":null}]]{"id":"q","info":"x"}`)
	want := []string{"a1: roles other than end_user are imported only with --with-roles", "a1: the record does not tell what it is; say it with --resource"}
	if !cmp.Equal(refused, want) || tally.Created["person"] != 1 {
		t.Error(refused, tally)
	}
	book := testRules()
	book.Book = "D"
	if refused, tally = load(t, db, book, `{"id":"q","info":"x"}`); refused != nil || tally.Created["page"] != 1 {
		t.Error(refused, tally)
	}
	units := testRules()
	units.Resource = "unit"
	refused, tally = load(t, db, units, `[{"id":"A","gender":"f","data":1,"resource":"water","extra":2}]`, lines(`person C {}`))
	if refused != nil || tally.Created["unit"] != 1 || tally.Created["person"] != 1 {
		t.Error(refused, tally)
	}
}

func TestWithoutRolesAPersonIsAnEndUser(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	load(t, db, testRules(), lines(`person A {"roles": null}`, `person B {"active": true, "roles": ["end_user"]}`, `person C { }`, `person D {"roles": "end_user"}`))
	for id, want := range map[string]string{
		"A": `{"id": "A", "roles": ["end_user"]}`, "B": `{"id": "B", "roles": ["end_user"], "active": true}`, "C": `{"id": "C", "roles": ["end_user"]}`,
		"D": `{"id": "D", "roles": ["end_user"]}`,
	} {
		t.Run(id, func(t *testing.T) {
			if got := db.Text(`SELECT data::text FROM people WHERE id = $1`, id); got != want {
				t.Errorf("%s is %s, want %s", id, got, want)
			}
		})
	}
}

// A site may have triggers of its own.
func TestTheDatabaseRefusesSingleRecords(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not %', NEW.data; END $$;
		CREATE TRIGGER odd BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.data ? 'odd') EXECUTE FUNCTION odd()`)
	refused, tally := load(t, db, testRules(), lines(`person A {}`, `person B {"odd": 1}`, `person C {}`, `page p C {"id": "p"}`, `person D {"odd": 2}`))
	want := []string{"a2: the database refuses it (SQLSTATE P0001)", "a5: the database refuses it (SQLSTATE P0001)"}
	if diff := cmp.Diff(want, refused); diff != "" || tally.Created["person"] != 2 || tally.Created["page"] != 1 {
		t.Error(diff, tally)
	}
}

// The person is created and deleted while the import waits.
func TestAnImportBringsNoDeletedPersonBack(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	end := db.Hold(`INSERT INTO people (id, data) VALUES ('A', '{"name": "Eva"}'); DELETE FROM people WHERE id = 'A'`)
	var running sync.WaitGroup
	running.Go(func() {
		refused, tally := load(t, db, testRules(), lines(`person A {"name": "Eva"}`, `person B {}`))
		if diff := cmp.Diff([]string{"a1: the id was deleted; thalamus restore puts it back"}, refused); diff != "" || tally.Created["person"] != 1 {
			t.Error(diff, tally)
		}
	})
	db.AwaitWaiting(1)
	end("COMMIT")
	running.Wait()
}

// many makes persons with a page each, for several chunks.
func many(n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, `{"resource":"person","id":"P%d","data":{"name":"N"}}`+"\n"+`{"resource":"page","id":"p%[1]d","person":"P%[1]d","data":{"id":"p%[1]d"}}`+"\n", (i*7919)%n)
	}
	return all.String()
}

func TestTwoImportsOfTheSameFileAtOnce(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const n = 12_000
	text := many(n)
	var running sync.WaitGroup
	tallies := make([]Tally, 2)
	for i := range tallies {
		running.Go(func() {
			var refused []string
			refused, tallies[i] = load(t, db, testRules(), text[strings.Index(text, "\n")*i:]) // chunks of one are not those of the other
			if i == 0 && refused != nil || len(refused) > i {
				t.Errorf("refused %.300q", refused)
			}
		})
	}
	running.Wait()
	if got := tallies[0].Created["person"] + tallies[1].Created["person"]; got != n {
		t.Errorf("%d persons were created, want %d", got, n)
	}
	if got := db.Text(`SELECT count(*)::text FROM thalamus_changes WHERE version = 1 AND operation = 'create'`); got != fmt.Sprint(2*n) {
		t.Errorf("%s changes, want %d", got, 2*n)
	}
}

func TestAnImportThatIsStoppedKeepsItsChunks(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	ctx, stop := context.WithCancel(t.Context())
	text := many(20_000)
	half := strings.Index(text, "P15838\"") // somewhere in it
	im := Import{DB: db.DB, Rules: testRules(), Report: func(Refusal) {}}
	in := io.MultiReader(strings.NewReader(text[:half]), readFunc(func([]byte) (int, error) {
		stop()
		return 0, context.Canceled
	}))
	if _, err := im.Run(ctx, []Source{{"a", func() (io.ReadCloser, error) { return io.NopCloser(in), nil }}}); err == nil {
		t.Fatal("it went on")
	}
	_, tally := load(t, db, testRules(), text)
	if got := tally.Present + tally.Created["person"] + tally.Created["page"]; got != 40_000 || tally.Refused > 0 {
		t.Errorf("tally %v", tally)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
