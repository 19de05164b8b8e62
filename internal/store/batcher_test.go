// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// TestCallsAtOnceAreAnsweredEachForItsID mixes readers of persons who exist, who do
// not, and whom no database could have: none gets another's answer or error.
func TestCallsAtOnceAreAnsweredEachForItsID(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT 'P' || n, jsonb_build_object('n', n, 'password', 'secret') FROM generate_series(0, 9) AS n`)
	var readers sync.WaitGroup
	for i := range 400 {
		readers.Go(func() {
			id, want := fmt.Sprintf("P%d", i%12), fmt.Sprintf(`{"n": %d}`, i%12)
			if i%50 == 0 {
				id = "no\x00text"
			}
			record, err := db.For(fed.Operator).Person(t.Context(), id)
			var known *fed.Error
			switch {
			case i%50 == 0:
				if !errors.As(err, &known) || known.Kind == fed.Internal {
					t.Errorf("%q: got %s, %v", id, record.Record, err)
				}
			case i%12 > 9:
				if !errors.As(err, &known) || known.Kind != fed.NotFound {
					t.Errorf("%s: got %s, %v", id, record.Record, err)
				}
			case err != nil || string(record.Record) != want:
				t.Errorf("%s: got %s, %v", id, record.Record, err)
			}
		})
	}
	readers.Wait()
}

// TestIdsThatArraysQuote reads ids with everything that means something in one.
func TestIdsThatArraysQuote(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	ids := []string{`"`, `\`, `\"`, `,`, `{`, `}`, `{A,B}`, `NULL`, `a b`, ` a`, `é`, "\n", "'", `\\`}
	for _, id := range ids {
		db.Exec(`INSERT INTO people (id, data) VALUES ($1, jsonb_build_object('id', $2::text))`, id, id)
		db.Exec(`INSERT INTO pols (id, book, data) VALUES ($1, $2, jsonb_build_object('id', $3::text))`, id, id, id)
	}
	var readers sync.WaitGroup
	for _, id := range ids {
		readers.Go(func() {
			want, _ := json.Marshal(id)
			text := `{"id": ` + string(want) + `}`
			if person, err := db.For(fed.Operator).Person(t.Context(), id); err != nil || string(person.Record) != text {
				t.Errorf("%s: got %s, %v", text, person.Record, err)
			}
			if got := book(t, db, id); len(got) != 1 || got[0] != text {
				t.Errorf("the book of %s: got %q", text, got)
			}
		})
	}
	readers.Wait()
}

// TestABatchSeesWhatWasCommittedBeforeTheCall reads after every write, while others
// keep queries under way.
func TestABatchSeesWhatWasCommittedBeforeTheCall(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"n": -1}')`)
	ctx, stop := context.WithCancel(t.Context())
	var others sync.WaitGroup
	defer others.Wait()
	defer stop()
	for range 8 {
		others.Go(func() {
			for ctx.Err() == nil {
				_, _ = db.For(fed.Operator).Person(ctx, "A")
			}
		})
	}
	for n := range 100 {
		db.Exec(`UPDATE people SET data = jsonb_build_object('n', $1::int) WHERE id = 'A'`, n)
		if record, err := db.For(fed.Operator).Person(t.Context(), "A"); err != nil || string(record.Record) != fmt.Sprintf(`{"n": %d}`, n) {
			t.Fatalf("after %d: got %s, %v", n, record.Record, err)
		}
	}
}

// TestABookIsWholeWhateverItsLength goes past what is read of many books at once.
func TestABookIsWholeWhateverItsLength(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id) VALUES ('A'), ('B')`)
	noise := make([]byte, 50_000) // which PostgreSQL cannot pack
	for i := range noise {
		noise[i] = "0123456789abcdef"[rand.IntN(16)]
	}
	large := string(noise)
	for n := range 12 {
		db.Exec(`INSERT INTO pols (id, book, data) VALUES ($1, 'A', jsonb_build_object('n', $2::int))`, fmt.Sprint("a", n), n)
		if got := book(t, db, "A"); len(got) != n+1 {
			t.Errorf("of %d pages: got %q", n+1, got)
		}
	}
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('b0', 'B', '{}'), ('b1', 'B', jsonb_build_object('info', $1::text)), ('b2', 'B', '[1]')`, large)
	got := book(t, db, "B")
	slices.Sort(got)
	if len(got) != 2 || got[1] != "{}" || !strings.Contains(got[0], large) {
		t.Errorf("got %d pages, %.99q", len(got), got)
	}
	if got := book(t, db, "nobody"); got != nil {
		t.Errorf("got %q", got)
	}
}

func book(t *testing.T, db *testdb.DB, person string) (pages []string) {
	t.Helper()
	err := db.For(fed.Operator).EachPage(t.Context(), person, eager, func(page fed.Record) error {
		pages = append(pages, string(page))
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return pages
}
