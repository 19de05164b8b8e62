// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"crypto/md5"
	"encoding/hex"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

func TestALongIDIsFoundByItsDigest(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const escaped = "________________________" // three characters each, elsewhere
	for _, id := range []string{strings.Repeat("x", 65), escaped, strings.Repeat("x", 37), "SHORT", "__"} {
		db.Exec(`INSERT INTO people (id, data) VALUES ($1, '{}')`, id)
		db.Exec(`INSERT INTO pols (id, book, data) VALUES ($1, $1, '{}')`, id)
		db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ($1, $1, $1, '{}')`, id)
		db.Exec(`INSERT INTO dus (id, data) VALUES ($1, '{}')`, id)
		db.Exec(`INSERT INTO institutions (id, data) VALUES ($1, '{}')`, id)
	}
	for _, info := range fed.Resources() {
		for id, long := range map[string]bool{strings.Repeat("x", 65): true, escaped: true, strings.Repeat("x", 37): info.Resource == fed.Page, "SHORT": false, "__": false, "NONE": false} {
			t.Run(id, func(t *testing.T) {
				sum := md5.Sum([]byte(id))
				got, err := db.LongID(t.Context(), info.Resource, hex.EncodeToString(sum[:]))
				if want := map[bool]string{true: id}[long]; got != want || err != nil {
					t.Errorf("%s %s: %q, %v", info.Resource, id, got, err)
				}
			})
		}
	}
}

func TestARecordHasTheOwnerOfItsRow(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', 'A', '{}'), ('nobody', NULL, '{}')`)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('d', 'A', 'p', '{}')`)
	for _, c := range []struct {
		of       fed.Resource
		id, want string
	}{{fed.Page, "p", "A"}, {fed.Page, "nobody", ""}, {fed.Page, "none", ""}, {fed.Document, "d", "A"}, {fed.Document, "p", ""}, {fed.Person, "A", "A"}} {
		if got, err := db.Owner(t.Context(), fed.Operator, c.of, c.id); got != c.want || err != nil {
			t.Errorf("%s %s: %q, %v", c.of, c.id, got, err)
		}
	}
}
