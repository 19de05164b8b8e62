// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/testdb"
)

func TestEachServerIsCountedOnceWhetherItListensYetOrNot(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	count := func(server *testdb.DB, want int) {
		t.Helper()
		c, err := server.Connections(t.Context())
		if err != nil || c.Instances != want {
			t.Errorf("%d servers, %v, want %d", c.Instances, err, want)
		}
	}

	count(db, 0)
	listen(t, db)
	count(db, 1)

	other := testdb.At(t, db.URL)
	count(other, 1)
	listen(t, other)
	count(other, 2)
	count(db, 2)
}
