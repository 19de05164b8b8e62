// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var accessTime = time.Date(2026, 5, 31, 23, 59, 0, 0, time.UTC)

// accessOf is a line of an account that has read a person.
func accessOf(person, account string) store.AccessLine {
	return store.AccessLine{Time: accessTime, Account: account, Roles: []string{"doctor"}, Method: "GET", Endpoint: "person", Person: person, Status: 200}
}

// at is the line, some minutes later.
func at(minute int, line store.AccessLine) store.AccessLine {
	line.Time = accessTime.Add(time.Duration(minute) * time.Minute)
	return line
}

// listOf is a line of a list that gave these persons.
func listOf(account string, persons ...string) store.AccessLine {
	return store.AccessLine{Time: accessTime, Account: account, Method: "GET", Endpoint: "people", Persons: persons, Status: 200}
}

// listOfAll is a line of a list that gave everybody.
func listOfAll(account string) store.AccessLine {
	line := listOf(account)
	line.Everybody = true
	return line
}

// copyLines copies lines, as many bytes of a file as there are lines.
func copyLines(t *testing.T, db *testdb.DB, file string, begins int64, lines ...store.AccessLine) {
	t.Helper()
	piece := store.AccessPiece{File: []byte(file), Begins: begins, Ends: begins + int64(len(lines)), Lines: lines}
	if copied, err := db.CopyAccess(t.Context(), piece); err != nil || !copied {
		t.Errorf("copied %v, %v", copied, err)
	}
}

// accessesTo gives "account way" of all accesses that are asked for.
func accessesTo(t *testing.T, db *testdb.DB, q store.AccessQuery) string {
	t.Helper()
	got, _ := accessPage(t, db, q, store.Keyset[store.AccessKey]{})
	return got
}

// accessPage is accessesTo of a part, and gives the key of its last access if there are more.
func accessPage(t *testing.T, db *testdb.DB, q store.AccessQuery, page store.Keyset[store.AccessKey]) (found string, next *store.AccessKey) {
	t.Helper()
	page.More = func(last store.AccessKey) { next = &last }
	var all []string
	err := db.For(fed.Operator).Accesses(t.Context(), q, page, eager, func(a store.Access) error {
		all = append(all, a.Account+" "+string(a.Way))
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return strings.Join(all, ", "), next
}

// accessPages reads a whole list, in parts of so many.
func accessPages(t *testing.T, db *testdb.DB, q store.AccessQuery, limit int) string {
	t.Helper()
	var pages []string
	page := store.Keyset[store.AccessKey]{Limit: limit}
	for {
		found, next := accessPage(t, db, q, page)
		pages = append(pages, found)
		if next == nil {
			return strings.Join(pages, "; ")
		}
		page.After = next
	}
}

func accessDB(t *testing.T, persons ...string) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	for _, id := range persons {
		db.Exec(`INSERT INTO people (id, data) VALUES ('` + id + `', '{"name": "Ana", "lastname": "Betz"}')`)
	}
	return db
}

func TestAccessesAreThoseToThePersonInListsThatHadThePersonAndToEverybody(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA", "BEA")
	both := listOf("DR3", "BEA", "ANA")
	both.Person = "ANA"
	copyLines(t, db, "f", 0,
		at(0, accessOf("ANA", "DR0")), at(1, accessOf("BEA", "DR1")), at(2, listOf("DR2", "BEA", "ANA")), at(3, both),
		at(4, listOf("DR4", "BEA")), at(5, listOfAll("DR5")), at(6, listOf("DR6")), at(7, accessOf("ANA", "ANA")))

	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "ANA"}), nil, "ANA asked, DR5 all, DR3 asked, DR2 listed, DR0 asked")
	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "BEA"}), nil, "DR5 all, DR4 listed, DR3 listed, DR2 listed, DR1 asked")
	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "ANA", Others: true}), nil, "DR5 all, DR3 asked, DR2 listed, DR0 asked")
}

func TestAccessesAreFromATimeOnAndBeforeAnother(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	for minute := range 4 { // two of them in another month
		copyLines(t, db, "f", int64(minute), at(minute, accessOf("ANA", fmt.Sprint("DR", minute))))
	}

	for _, c := range []struct {
		from, to int
		want     string
	}{{0, 4, "DR3 asked, DR2 asked, DR1 asked, DR0 asked"}, {1, 3, "DR2 asked, DR1 asked"}, {1, 2, "DR1 asked"}, {4, 9, ""}, {3, 3, ""}} {
		q := store.AccessQuery{Person: "ANA", From: at(c.from, store.AccessLine{}).Time, To: at(c.to, store.AccessLine{}).Time}
		wantText(t, accessesTo(t, db, q), nil, c.want)
	}

	page := store.Keyset[store.AccessKey]{After: &store.AccessKey{Time: at(3, store.AccessLine{}).Time, Seq: 1}} // behind the end
	found, _ := accessPage(t, db, store.AccessQuery{Person: "ANA", To: at(2, store.AccessLine{}).Time}, page)
	wantText(t, found, nil, "DR1 asked, DR0 asked")
}

func TestPagesOfAccessesHaveEachOnceAndNameTheNextPage(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	var lines []store.AccessLine
	for n := range 7 { // two at each time, and all ways
		line := []store.AccessLine{accessOf("ANA", fmt.Sprint("DR", n)), listOf(fmt.Sprint("DR", n), "ANA"), listOfAll(fmt.Sprint("DR", n))}[n%3]
		lines = append(lines, at(n/2, line))
	}
	copyLines(t, db, "f", 0, lines...)

	wantText(t, accessPages(t, db, store.AccessQuery{Person: "ANA"}, 2), nil, "DR6 asked, DR5 all; DR4 listed, DR3 asked; DR2 all, DR1 listed; DR0 asked")

	page := store.Keyset[store.AccessKey]{Limit: 7}
	if _, next := accessPage(t, db, store.AccessQuery{Person: "ANA"}, page); next != nil {
		t.Errorf("the last page has a next one, behind %v", *next)
	}
}

func TestALongListOfAccessesIsReadInPieces(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	lines := make([]store.AccessLine, 1201)
	for n := range lines {
		lines[n] = at(n, accessOf("ANA", fmt.Sprint("DR", n)))
	}
	copyLines(t, db, "f", 0, lines...)

	for _, c := range []struct {
		limit int
		flow  store.Flow
	}{{0, eager}, {0, slowTaker{}}, {700, eager}, {700, slowTaker{}}} {
		limit := c.limit
		var next *store.AccessKey
		page := store.Keyset[store.AccessKey]{Limit: limit, More: func(last store.AccessKey) { next = &last }}
		n := len(lines)
		err := db.For(fed.Operator).Accesses(t.Context(), store.AccessQuery{Person: "ANA"}, page, c.flow, func(a store.Access) error {
			if limit > 0 && next == nil {
				t.Fatal("the next page is named after the first access was handed on")
			}
			n--
			wantText(t, a.Account, nil, fmt.Sprint("DR", n))
			return nil
		})
		must(t, err)

		if want := len(lines) - limit; limit > 0 && n != want || limit == 0 && n != 0 {
			t.Errorf("limit %d: read down to %d", limit, n)
		}
	}
}

// slowTaker takes small pieces.
type slowTaker struct{ taker }

func (slowTaker) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(needed, 32<<10), nil
}

// tightTaker has memory for as much as is needed, and no more.
type tightTaker struct{ taker }

func (tightTaker) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(needed, 1), nil
}

func TestAnAccessThatIsLargerThanAPieceIsGivenItsMemory(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	copyLines(t, db, "f", 0, at(0, accessOf("ANA", "DR0")), at(1, accessOf("ANA", "DR1")))

	var all []string
	must(t, db.For(fed.Operator).Accesses(t.Context(), store.AccessQuery{Person: "ANA"}, store.Keyset[store.AccessKey]{}, tightTaker{}, func(a store.Access) error {
		all = append(all, a.Account)
		return nil
	}))
	wantText(t, strings.Join(all, " "), nil, "DR1 DR0")
}

func TestAnAccessHasItsAccountsNameItsRolesAndWhoseListItWas(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA", "DR")
	list := listOf("DR", "ANA")
	list.Person, list.Page, list.Document, list.Request, list.Address = "BEA", "p", "d", "r", "192.0.2.7"
	list.Roles = []string{"a,b", `c"`}
	copyLines(t, db, "f", 0, list, at(-1, accessOf("ANA", "ANA")), at(-2, accessOf("ANA", "GONE")))

	var all []string
	must(t, db.For(fed.Operator).Accesses(t.Context(), store.AccessQuery{Person: "ANA"}, store.Keyset[store.AccessKey]{}, eager, func(a store.Access) error {
		all = append(all, fmt.Sprintf("%s %q %q %v %s %s %s %s %s", a.Account, a.Name, a.Roles, a.Own, a.Person, a.Page, a.Document, a.Request, a.Address))
		return nil
	}))
	wantText(t, strings.Join(all, "\n"), nil,
		`DR "Ana Betz" ["a,b" "c\""] false BEA p d r 192.0.2.7`+"\n"+`ANA "Ana Betz" ["doctor"] true ANA    `+"\n"+`GONE "" ["doctor"] false ANA    `)
}

func TestAccessesToAPersonWhoNeverWasAreNotFound(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA", "GONE")
	db.Exec(`DELETE FROM people WHERE id = 'GONE'`)
	copyLines(t, db, "f", 0, listOfAll("DR"), accessOf("GUESSED", "DR"))

	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "GONE"}), nil, "DR all")
	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "GUESSED"}), nil, "DR asked, DR all")
	err := db.For(fed.Operator).Accesses(t.Context(), store.AccessQuery{Person: "NOBODY"}, store.Keyset[store.AccessKey]{}, eager, func(store.Access) error { return nil })
	if fed.KindOf(err) != fed.NotFound {
		t.Errorf("got %v, want not found", err)
	}
}

// The record cuts long ids, and files may hold anything.
func TestAccessesOfOddIdsAreCopiedAndFound(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Ñ", 300)
	db := accessDB(t, long)
	recorded := strings.Repeat("Ñ", fed.LongestID) + "…"
	odd := accessOf("N\x00L", "D\x00R")
	odd.Roles, odd.Persons = []string{"\x00"}, []string{"\x00", strings.Repeat("x", 1<<16)}
	wantText(t, accessesTo(t, db, store.AccessQuery{Person: long}), nil, "")
	copyLines(t, db, "f", 0, accessOf(recorded, "DR"), listOf("DR", long), odd)

	wantText(t, accessesTo(t, db, store.AccessQuery{Person: long}), nil, "DR listed, DR asked")
	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "N\x00L"}), nil, "D\uFFFDR asked")
}

func TestAPieceIsCopiedOnceWhateverItsFileIsCalled(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	copyLines(t, db, "f", 0, accessOf("ANA", "DR0"), accessOf("ANA", "DR1"))
	copyLines(t, db, "g", 0, accessOf("ANA", "DR2")) // of another server
	for _, begins := range []int64{0, 1, 3} {
		piece := store.AccessPiece{File: []byte("f"), Begins: begins, Ends: 9, Lines: []store.AccessLine{accessOf("ANA", "AGAIN")}}
		if copied, err := db.CopyAccess(t.Context(), piece); copied || err != nil {
			t.Errorf("from %d: copied %v, %v", begins, copied, err)
		}
	}

	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "ANA"}), nil, "DR2 asked, DR1 asked, DR0 asked")
	for file, want := range map[string]int64{"f": 2, "g": 1, "h": 0} {
		t.Run(file, func(t *testing.T) {
			if got, complete, err := db.AccessCopied(t.Context(), []byte(file)); got != want || complete || err != nil {
				t.Errorf("%s is copied to %d, want %d; complete %v, %v", file, got, want, complete, err)
			}
		})
	}
}

func TestNothingComesBehindACompleteFile(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	piece := store.AccessPiece{File: []byte("f"), Complete: true}
	for _, want := range []bool{true, false} {
		if copied, err := db.CopyAccess(t.Context(), piece); copied != want || err != nil {
			t.Errorf("copied %v, want %v: %v", copied, want, err)
		}
	}
	if _, complete, err := db.AccessCopied(t.Context(), []byte("f")); !complete || err != nil {
		t.Errorf("complete %v, %v", complete, err)
	}
}

// A partition that is made while lines wait for it would make them wait for those who read.
func TestThePartitionOfTheNextMonthIsMadeAhead(t *testing.T) {
	t.Parallel()
	db := accessDB(t)
	db.Exec(`ALTER ROLE CURRENT_USER IN DATABASE ` + db.Text(`SELECT quote_ident(current_database())`) + ` SET timezone = 'America/Lima'`)
	db.Exec(`SELECT thalamus_access_copy('f', 0, 1, false, '[]')`)
	db.Exec(`SELECT thalamus_access_copy('f', 1, 2, false, '[{"time": "2024-02-29T23:59:59.999Z", "account": "A", "roles": [], "method": "GET", "endpoint": "person", "everybody": true, "status": 200},
		{"time": "2024-03-01T00:00:00Z", "account": "A", "roles": [], "method": "GET", "endpoint": "person", "everybody": true, "status": 200}]')`)

	got := db.Text(`SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'thalamus_access'::regclass`)
	next := db.Text(`SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYYMM')`)
	wantText(t, got, nil, "thalamus_access_202402 thalamus_access_202403 thalamus_access_"+next)
}
