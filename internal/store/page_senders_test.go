// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// A node is as late as the last that it sent; what it sent of documents does not count.
func TestABookKnowsItsSenders(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}')`)
	for _, id := range []string{"1", "2", "3"} {
		addPage(db, "A", id, `{"node": "N`+id+`"}`)
	}
	addPage(db, "A", "4", `{"summary": "of no node"}`)
	addPage(db, "B", "5", `{"node": "N5"}`)
	addPage(db, "A", "6", `{"node": "N2"}`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('3', 'A', '3', '{"creation_info": {"node": "N6"}}')`)
	db.Exec(`UPDATE pols SET data = data || '{"summary": "x", "node": "N4"}' WHERE id = '1'`)
	senders, err := db.For(fed.Operator).Senders(t.Context(), "A")
	must(t, err)
	var got []string
	for i, s := range senders {
		got = append(got, s.Node)
		if i > 0 && s.Last.After(senders[i-1].Last) {
			t.Errorf("%s is behind %s", s.Node, senders[i-1].Node)
		}
	}
	if want := "N4 N2 N3"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
