// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// differences gives "version operation key: before > after, ..." of each change, and a
// question mark where what it changed is not told.
func differences(t *testing.T, db *testdb.DB, past store.HistoryQuery, most int) (lines []string) {
	t.Helper()
	all, err := db.For(fed.Operator).Differences(t.Context(), past, most)
	must(t, err)
	for _, d := range all {
		var members []string
		for _, m := range d.Members {
			members = append(members, m.Key+": "+m.Before+" > "+m.After)
		}
		line := fmt.Sprintf("%d %s %s", d.Version, d.Operation, strings.Join(members, ", "))
		if !d.Known {
			line += "?"
		}
		lines = append(lines, line)
	}
	return lines
}

func wantDifferences(t *testing.T, db *testdb.DB, past store.HistoryQuery, most int, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, differences(t, db, past, most)); diff != "" {
		t.Errorf("%+v (-want +got)\n%s", past, diff)
	}
}

func TestADifferenceIsWhatAChangeHasChanged(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('1', 'A', '{"a": "x", "b": [1], "c": null, "same": 1}')`)
	db.Exec(`UPDATE pols SET data = '{"a": "y", "c": 2, "d": "` + strings.Repeat("é", 501) + `", "same": 1}'`)
	db.Exec(`UPDATE pols SET data = data || '{"a": "z"}'`)
	long := strings.Repeat("é", 500)
	wantDifferences(t, db, pastOfOne, 10, "3 update a: y > z", "2 update a: x > y, b: [1] > , c:  > 2, d:  > "+long, "1 create ?")
	wantDifferences(t, db, pastOfOne, 2, "3 update a: y > z", "2 update a: x > y, b: [1] > , c:  > 2, d:  > "+long)

	other := pastOfOne
	other.Person = "B"
	wantDifferences(t, db, other, 10)
}

// What was in a record that is deleted is shown to those who see all, and never the hash of a
// password.
func TestADifferenceTellsNoMoreThanTheHistory(t *testing.T) {
	t.Parallel()
	db := lives(t)
	wantDifferences(t, db, pastOfA, 10, "5 create ?", "4 delete ?", "3 update n: 2 > 3", "2 update n: 1 > 2", "1 create ?")
	wantDifferences(t, db, sinceDeletion(pastOfA), 10, "5 create ?")
	db.Exec(`UPDATE people SET data = data || '{"n": 7}'`)
	wantDifferences(t, db, sinceDeletion(pastOfA), 10, "6 update n: 6 > 7", "5 create ?")
	db.Exec(`DELETE FROM thalamus_changes WHERE version = 2`)
	wantDifferences(t, db, pastOfA, 10, "6 update n: 6 > 7", "5 create ?", "4 delete ?", "3 update ?", "1 create ?")
}
