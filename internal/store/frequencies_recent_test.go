// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// While persons are loaded, the frequencies change from one search to the next.
func TestFrequenciesAreReadOnceWhenTheyAreAnalyzed(t *testing.T) {
	t.Parallel()
	db, seen := testdb.New(t), &recorder{}
	alike(db, "ABCDEF")
	must(t, db.Observe(seen))
	for _, c := range []struct {
		moment, do string
		read       bool
	}{
		{"before ANALYZE", "", true}, {"still before", "", true}, {"after it", "ANALYZE people", true}, {"the next", "", false},
	} {
		t.Run(c.moment, func(t *testing.T) {
			db.Exec(c.do)
			seen.take()
			matchOf(t, db, "A", "B")
			read := slices.ContainsFunc(seen.take(), func(s sent) bool { return strings.Contains(s.text, "pg_relation_size") })
			if read != c.read {
				t.Errorf("frequencies were read: %t", read)
			}
		})
	}
}
