// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

// owners lists pages with their books, and with the books that their data names.
func owners(db *testdb.DB) string {
	return db.Text(`SELECT string_agg(concat_ws(' ', id, book, data -> 'book'), E'\n' ORDER BY id) FROM pols`)
}

// A phone writes pages before it has an account.
func TestTheEnvelopeSaysWhosePageItIsAndTheDataIsStoredAsSent(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	refused, tally := load(t, db, testRules(), lines(`person A {}`, `person B {}`,
		`page p1 A {"id": "p1", "book": null}`, `page p2 A {"id": "p2", "book": "B"}`, `page p3 A {"id": "p3", "book": 7}`,
		`page p4 a {"id": "p4", "book": "a"}`, `page p5 nobody {"id": "p5", "book": "A"}`))
	if diff := cmp.Diff([]string{"a7: there is no such person"}, refused); diff != "" || tally.Created["page"] != 4 {
		t.Errorf("%v %s", tally, diff)
	}
	const want = "p1 A null\np2 A \"B\"\np3 A 7\np4 A \"a\""
	if got := owners(db); got != want {
		t.Errorf("got\n%s", got)
	}
	moved := testdb.New(t)
	text, _ := export(t, db, true)
	rules := testRules()
	rules.WithRoles = true
	if refused, _ := load(t, moved, rules, text); refused != nil || owners(moved) != want {
		t.Errorf("moved: %v\n%s", refused, owners(moved))
	}
}

func TestBarePagesAreOfTheBookThatIsNamedOrAsTheySay(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	bare := `{"id": "p1", "book": null}` + "\n" + `{"id": "p2", "book": "B"}` + "\n"
	load(t, db, testRules(), lines(`person A {}`, `person B {}`))
	refused, _ := load(t, db, testRules(), bare)
	if len(refused) != 1 || !strings.Contains(refused[0], "--book") || owners(db) != `p2 B "B"` {
		t.Errorf("without a book: %v %s", refused, owners(db))
	}
	db.Exec(`DELETE FROM pols; DELETE FROM thalamus_changes WHERE resource = 'page'`)
	rules := testRules()
	rules.Book = "a" // in small letters, too
	if refused, _ := load(t, db, rules, bare); refused != nil || owners(db) != "p1 A null\np2 A \"B\"" {
		t.Errorf("with a book: %v %s", refused, owners(db))
	}
}

func TestADocumentInSmallLettersHasTheStoredIDInItsData(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	refused, _ := load(t, db, testRules(), lines(`person A {}`, `page p A {"id": "p"}`, `document d1 a p YWJj {"fedacct": "a"}`,
		`document d2 a p YWJk {"fedacct": "A"}`, `document d3 a p YWJl {}`, `document d4 A p YWJm {"fedacct": "A"}`,
		`document d5 a p YWJn {"fedacct": "B"}`, `document d6 A p YWJo {"fedacct": "a"}`))
	want := []string{"a7: fedacct in the data must be the one that the record names", "a8: fedacct in the data must be the one that the record names"}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Error(diff)
	}
	if got := db.Text(`SELECT string_agg(concat(id, fedacct, data ->> 'fedacct'), ' ' ORDER BY id) FROM personal_docs`); got != "d1AA d2AA d3AA d4AA" {
		t.Errorf("stored are %s", got)
	}
}

// Upper case counts only where no person has the id as it is written.
func TestAnOwnerInSmallLettersIsThePersonOfThatIDOrElseInUpperCase(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people VALUES ('a', '{}')`)
	const bytes = "YWJj"
	refused, _ := load(t, db, testRules(), lines(`person A {}`, `person ñ {}`, `page p1 a {"id": "p1"}`, `page p2 ñ {"id": "p2"}`,
		`document d ñ p2 `+bytes+` {}`)+`{"resource":"link","person":"a","data":{"person":"ñ","same":true}}`)
	if refused != nil || owners(db) != "p1 a\np2 Ñ" {
		t.Errorf("%v %s", refused, owners(db))
	}
	got := db.Text(`SELECT concat_ws(' ', (SELECT fedacct FROM personal_docs), (SELECT concat(person, other) FROM thalamus_links))`)
	if got != "Ñ aÑ" {
		t.Errorf("got %s", got)
	}
}

// If such a person were refused, so would be all her pages and documents.
func TestOddValuesOfActiveAreImportedAndCounted(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	text := lines(`person A {"active": "false"}`, `person B {"active": 0}`, `person C {"active": "true"}`, `person D {"active": true}`,
		`person E {"active": null}`, `person F {"active": []}`, `page p A {"id": "p"}`)
	for _, want := range []int{4, 0} { // the second time they are there
		refused, tally := load(t, db, testRules(), text)
		if refused != nil || tally.Odd != want {
			t.Errorf("%d odd of %v, want %d; %v", tally.Odd, tally, want, refused)
		}
	}
	if got := db.Text(`SELECT string_agg(data ->> 'active', ' ' ORDER BY id) FROM people WHERE data -> 'active' <> 'null'`); got != "false 0 true true []" {
		t.Errorf("stored are %s", got)
	}
}
