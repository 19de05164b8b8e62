// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/testdb"
)

// More persons than are compared have a word and nearly the date of a person, and as many others two of
// the words. Only who has both words and nearly the date is left.
func TestAMatchIsFoundBehindTwoCrowds(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, CASE WHEN n % 2 = 0
		THEN jsonb_build_object('name', 'Maria', 'lastname', 'Name' || n, 'dob', '1881-02-0' || 5 + n % 4)
		ELSE jsonb_build_object('name', 'Maria', 'lastname', 'Garcia', 'dob', '1950-06-17') END FROM generate_series(1, 3000) AS n`)
	db.Exec(`INSERT INTO people (id, data) VALUES
		('A', '{"name": "Maria Zacharias Wilibald", "lastname": "Garcia Quintero", "gender": "f", "dob": "1881-02-03"}'),
		('B', '{"name": "Maria Zahcarias Wiliblad", "lastname": "Garcia Quintreo", "gender": "f", "dob": "1881-02-04"}')`)
	db.Exec(`ANALYZE people`)
	learn(t, db)
	if matchOf(t, db, "A", "B") == 0 {
		t.Error("B does not match A")
	}
}
