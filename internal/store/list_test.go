// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// slow takes one piece at a time, and lets something happen before each but the first.
type slow struct {
	most    int64 // bytes of a piece
	between func(piece int)

	pieces []taken
}

// taken is what came in one piece.
type taken struct {
	bytes int64
	sizes []int
}

func (s *slow) ReservePiece(_ context.Context, needed int64) (int64, error) {
	if s.between != nil && len(s.pieces) > 0 {
		s.between(len(s.pieces))
	}
	s.pieces = append(s.pieces, taken{bytes: max(s.most, needed)})
	return max(s.most, needed), nil
}

func (s *slow) AcquireSlot(context.Context) error   { return nil }
func (s *slow) ReserveStream(context.Context) error { return nil }
func (s *slow) Flush() bool                         { return false }

func (s *slow) took(record fed.Record) {
	last := &s.pieces[len(s.pieces)-1]
	last.sizes = append(last.sizes, len(record))
}

// lists are all ways to read a long list of 1,300 records, which makes them from SQL
// of their data over n.
var lists = map[string]struct {
	fill string
	each func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error
}{
	"people": {`INSERT INTO people (id, data) SELECT n, %s FROM generate_series(10001, 11300) AS n`,
		func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error {
			return db.For(fed.Operator).EachPerson(t.Context(), flow, take)
		}},
	"some people": {`INSERT INTO people (id, data) SELECT n, %s || '{"active": false}' FROM generate_series(10001, 11300) AS n`,
		func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error {
			no := false
			return db.For(fed.Operator).EachPersonWith(t.Context(), store.PersonFilter{Active: &no}, store.Keyset[string]{}, flow, func(_ string, person fed.Record) error { return take(person) })
		}},
	"units": {`INSERT INTO dus (id, data) SELECT n, %s FROM generate_series(10001, 11300) AS n`,
		func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error {
			return db.Registry(fed.Unit).Each(t.Context(), fed.Operator, store.Keyset[string]{}, flow, take)
		}},
	"a book": {`INSERT INTO pols (id, book, data) SELECT n, 'A', %s FROM generate_series(10001, 11300) AS n`,
		func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error {
			return db.For(fed.Operator).EachPage(t.Context(), "A", flow, take)
		}},
	"a book by dates": {`INSERT INTO pols (id, book, data) SELECT n, 'A', %s || jsonb_build_object('page_date', '2024-01-01') FROM generate_series(10001, 11300) AS n`,
		func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error {
			return db.For(fed.Operator).EachPageOf(t.Context(), store.BookQuery{Books: []string{"A"}}, store.Keyset[store.BookKey]{}, flow, take)
		}},
	"documents": {`INSERT INTO personal_docs (id, fedacct, pol, data) SELECT n, 'A', '1', %s FROM generate_series(10001, 11300) AS n`,
		func(t *testing.T, db *testdb.DB, flow store.Flow, take func(fed.Record) error) error {
			return db.For(fed.Operator).EachDocument(t.Context(), "A", "", store.Keyset[string]{}, flow, func(e store.DocumentEntry) error { return take(e.Data) })
		}},
}

// emptyBook is a database with a person and a page, which are no part of the lists.
func emptyBook(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id) VALUES ('A'), ('B')`)
	db.Exec(`INSERT INTO pols (id, book) VALUES ('1', 'A')`)
	return db
}

func TestALongListComesWholeInPiecesThatAreBounded(t *testing.T) {
	t.Parallel()
	for name, list := range lists {
		for _, most := range []int64{50_000, store.PieceBytes} {
			db := emptyBook(t)
			db.Exec(fmt.Sprintf(list.fill, `jsonb_build_object('id', n::text, 'text', repeat('x', 400))`))
			flow := &slow{most: most}
			var got []string
			must(t, list.each(t, db, flow, func(r fed.Record) error {
				flow.took(r)
				got = append(got, idOf(r))
				return nil
			}))
			if !slices.Equal(got, numbers(10001, 11300)) {
				t.Errorf("%s: %d records came, from %s to %s", name, len(got), got[0], got[len(got)-1])
			}
			flow.check(t, name)
		}
	}
}

// check holds every piece against its bounds; errors of a list that is read by one
// statement while it does not flow would show in the second one.
func (s *slow) check(t *testing.T, name string) {
	t.Helper()
	for i, piece := range s.pieces {
		bytes := 0
		for _, size := range piece.sizes {
			bytes += size
		}
		if int64(bytes) > piece.bytes && i != 0 || len(piece.sizes) > 501 {
			t.Errorf("%s, piece %d: %d records of %d bytes, with room for %d", name, i, len(piece.sizes), bytes, piece.bytes)
		}
	}
}

func numbers(from, to int) (all []string) {
	for n := from; n <= to; n++ {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

// Writers change everything that they can between two pieces.
func TestARecordThatIsThereAllTheTimeComesExactlyOnce(t *testing.T) {
	t.Parallel()
	for name, list := range lists {
		db := emptyBook(t)
		db.Exec(fmt.Sprintf(list.fill, `jsonb_build_object('id', n::text)`))
		table := strings.Fields(list.fill)[2]
		flow := &slow{most: 10_000, between: func(piece int) {
			db.Exec(`DELETE FROM `+table+` WHERE id = $1 OR id = $2`, strconv.Itoa(10510+piece), strconv.Itoa(11300-piece))
			db.Exec(`UPDATE `+table+` SET data = data || jsonb_build_object('page_date', (2030 - $1::int) || '-01-01', 'grown', repeat('y', 100)) WHERE id LIKE '%7'`, piece)
			db.Exec(strings.Replace(fmt.Sprintf(list.fill, `jsonb_build_object('id', n::text)`), "10001, 11300", fmt.Sprintf("%d, %[1]d", 20000+piece), 1))
		}}
		seen := map[string]int{}
		must(t, list.each(t, db, flow, func(r fed.Record) error {
			flow.took(r)
			seen[idOf(r)]++
			return nil
		}))
		for _, id := range numbers(10001, 11300) {
			n, _ := strconv.Atoi(id)
			deleted := n > 10510 && n <= 10510+len(flow.pieces) || n >= 11300-len(flow.pieces)
			if seen[id] != 1 && !deleted || seen[id] > 1 {
				t.Fatalf("%s: %s came %d times", name, id, seen[id])
			}
		}
	}
}

// Its id is used again, in somebody else's book.
func TestAPageThatMovesToAnotherBookMeanwhileIsNotShown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a book", "a book by dates"} {
		list, db := lists[name], emptyBook(t)
		db.Exec(fmt.Sprintf(list.fill, `jsonb_build_object('id', n::text)`))
		flow := &slow{most: 10_000, between: func(int) {
			db.Exec(`DELETE FROM pols WHERE id = '11290'; INSERT INTO pols (id, book, data) VALUES ('11290', 'B', '{"id": "11290"}')`)
		}}
		must(t, list.each(t, db, flow, func(r fed.Record) error {
			flow.took(r)
			if idOf(r) == "11290" {
				t.Errorf("%s: a page of another book came", name)
			}
			return nil
		}))
	}
}
