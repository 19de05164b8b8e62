// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"fmt"
	"slices"
	"testing"

	"thalamus/internal/fed"
)

// How large it is tells the database, before there is memory for it.
func TestARecordThatIsLargerThanAPieceIsOneOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, list := range lists {
		db := emptyBook(t)
		db.Exec(fmt.Sprintf(list.fill, `jsonb_build_object('id', n::text, 'text', repeat('x', CASE WHEN n % 500 = 7 THEN 1500000 ELSE 10 END))`))
		flow := &slow{most: 100_000}
		count := 0
		must(t, list.each(t, db, flow, func(r fed.Record) error {
			flow.took(r)
			count++
			return nil
		}))
		large := 0
		for i, piece := range flow.pieces {
			if slices.ContainsFunc(piece.sizes, func(size int) bool { return size > 100_000 }) {
				large++
				if piece.bytes < 1_500_000 || piece.bytes > 1_600_000 {
					t.Errorf("%s, piece %d: a large record came into room for %d", name, i, piece.bytes)
				}
			}
		}
		if count != 1300 || large != 3 {
			t.Errorf("%s: %d records, %d large ones", name, count, large)
		}
	}
}

// A statement of all the rest does not have the texts of large records.
func TestALargeRecordComesInItsPlaceAlsoToAClientThatKeepsUp(t *testing.T) {
	t.Parallel()
	for name, list := range lists {
		db := emptyBook(t)
		db.Exec(fmt.Sprintf(list.fill, `jsonb_build_object('id', n::text, 'text', repeat('x', CASE WHEN n % 500 = 7 THEN 1500000 ELSE 10 END))`))
		var got []string
		must(t, list.each(t, db, flood{func() {}, func() {}}, func(r fed.Record) error {
			got = append(got, idOf(r))
			return nil
		}))
		if !slices.Equal(got, numbers(10001, 11300)) {
			t.Errorf("%s: %d records came", name, len(got))
		}
	}
}
