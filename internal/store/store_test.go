// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestAWrongURLIsRefusedWithoutShowingThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://thalamus:topsecret@host:port/db",
		"postgres://thalamus:topsecret@host/db?sslmode=perhaps",
		"postgres://thalamus:topsecret%zz@host/db",
		"postgres://thalamus:top secret@[host/db",
		"password=topsecret port=none",
		"postgres://thalamus:topsecret@" + closedPort(t) + "/db",
		"postgres://thalamus:topsecret@" + closedPort(t) + "/db?sslmode=disable",
	} {
		db, err := store.Open(t.Context(), store.Options{URL: url})
		if err == nil {
			db.Close()
			t.Errorf("%s was opened", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s gave %v", url, err)
		}
	}
}

// A database that is not there may come; what is wrong with the URL stays wrong.
func TestADatabaseThatIsAwayIsToldFromAWrongURL(t *testing.T) {
	t.Parallel()
	there := testdb.New(t).URL
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer silent.Close()
	for url, away := range map[string]bool{
		"postgres://" + closedPort(t) + "/db":                     true,
		"postgres://" + silent.Addr().String() + "/db":            true,
		strings.Replace(there, "user=postgres", "user=nobody", 1): false,
		strings.Replace(there, "/test_", "/no_", 1):               false,
	} {
		t.Run(url, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			_, err := store.Open(ctx, store.Options{URL: url})
			cancel()
			if err == nil || errors.Is(err, store.ErrAway) != away {
				t.Errorf("%s: %v", url, err)
			}
		})
	}
}

// closedPort is an address that nobody listens at.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// Records that many tests begin with.
const (
	personA = `{"id": "A", "name": "Ana"}`
	pageOne = `{"id": "1", "book": "A"}`
)

// nothing is what the server fills in where it fills in nothing.
var nothing = fed.Record("{}")

// nobody writes without a request and without conditions.
var nobody fed.Write

// newBook makes a database with person A, who has page 1, and person B without any.
func newBook(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1), ('B', '{"id": "B"}')`, personA)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('1', 'A', $1)`, pageOne)
	return db
}

// eager takes a whole list at once.
var eager = taker{}

type taker struct{}

func (taker) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(needed, store.PieceBytes), nil
}
func (taker) AcquireSlot(context.Context) error   { return nil }
func (taker) ReserveStream(context.Context) error { return nil }
func (taker) Flush() bool                         { return true }

// wantKind fails the test unless err is of the kind.
func wantKind(t *testing.T, err error, want fed.Kind) {
	t.Helper()
	if err == nil || fed.KindOf(err) != want {
		t.Errorf("got error %v of kind %d, want kind %d", err, fed.KindOf(err), want)
	}
}

// wantText fails the test unless there is no error and got is want.
func wantText[T ~string | ~[]byte](t *testing.T, got T, err error, want string) {
	t.Helper()
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

// wantRecord is wantText for a record, whatever its version.
func wantRecord(t *testing.T, got fed.Stored, err error, want string) {
	t.Helper()
	wantText(t, got.Record, err, want)
}

// atOnce runs n calls at the same time and gives their errors.
func atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var start, end sync.WaitGroup
	start.Add(1)
	for i := range n {
		end.Go(func() {
			start.Wait()
			errs[i] = call(i)
		})
	}
	start.Done()
	end.Wait()
	return errs
}

// Other programs need them, and the URL may say otherwise.
func TestAnIdleConnectionIsGivenBackAfterAMinute(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]time.Duration{"postgres://a@b/c": time.Minute, "postgres://a@b/c?pool_max_conn_idle_time=5m": 5 * time.Minute} {
		if got, err := store.IdleTime(url); got != want || err != nil {
			t.Errorf("%s: %v, %v", url, got, err)
		}
	}
}
