// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// What an account has read is found whomever it is about, and nothing that others have read.
func TestAccessesOfAnAccountAreItsOwnWhomeverTheyAreAbout(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA", "BEA", "DR1")
	both := listOf("DR1", "BEA", "ANA")
	both.Person = "ANA"
	copyLines(t, db, "f", 0, at(0, accessOf("ANA", "DR1")), at(1, accessOf("ANA", "DR10")), at(2, listOf("DR1", "BEA", "ANA")), at(3, listOfAll("DR1")),
		at(4, both), at(5, accessOf("DR1", "DR1")), at(6, accessOf("DR1", "ANA")), at(7, listOfAll("DR2")), at(8, listOf("DR1")))

	var all []string
	must(t, db.For(fed.Operator).Accesses(t.Context(), store.AccessQuery{Account: "DR1"}, store.Keyset[store.AccessKey]{}, eager, func(a store.Access) error {
		all = append(all, fmt.Sprintf("%s %s %s %q own %v", a.Account, a.Way, a.Person, a.Name, a.Own))
		return nil
	}))
	wantText(t, strings.Join(all, "\n"), nil, strings.Join([]string{
		`DR1 listed  "Ana Betz" own false`, `DR1 asked DR1 "Ana Betz" own true`, `DR1 asked ANA "Ana Betz" own false`, `DR1 all  "Ana Betz" own false`,
		`DR1 listed  "Ana Betz" own false`, `DR1 asked ANA "Ana Betz" own false`,
	}, "\n"))
	wantText(t, accessesTo(t, db, store.AccessQuery{Account: "NOBODY"}), nil, "")
}

func TestAccessesOfAnAccountAreFromATimeOnAndBeforeAnother(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	ways := []store.AccessLine{accessOf("ANA", "DR"), listOf("DR", "ANA"), listOfAll("DR"), accessOf("BEA", "DR")}
	for minute, line := range ways { // three of them in another month, and others' between them
		copyLines(t, db, fmt.Sprint(minute), 0, at(minute, line), at(minute, accessOf("ANA", "ELSE")))
	}

	for _, c := range []struct {
		from, to int
		want     string
	}{
		{0, 4, "DR asked, DR all, DR listed, DR asked"}, {1, 3, "DR all, DR listed"}, {1, 2, "DR listed"}, {4, 9, ""}, {3, 3, ""}, {-5, 0, ""}, {-5, 1, "DR asked"},
	} {
		q := store.AccessQuery{Account: "DR", From: at(c.from, store.AccessLine{}).Time, To: at(c.to, store.AccessLine{}).Time}
		wantText(t, accessesTo(t, db, q), nil, c.want)
	}
}

func TestPagesOfAnAccountsAccessesHaveEachOnce(t *testing.T) {
	t.Parallel()
	db := accessDB(t, "ANA")
	var lines []store.AccessLine
	for n := range 7 { // two at each time
		line := []store.AccessLine{accessOf("ANA", "DR"), listOf("DR", "ANA"), listOfAll("DR")}[n%3]
		lines = append(lines, at(n/2, line))
	}
	copyLines(t, db, "f", 0, lines...)

	wantText(t, accessPages(t, db, store.AccessQuery{Account: "DR"}, 3), nil, "DR asked, DR all, DR listed; DR asked, DR all, DR listed; DR asked")
}
