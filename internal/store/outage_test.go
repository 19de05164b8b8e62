// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestAStatementWhoseConnectionIsCutIsRunAgain(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	release := db.Hold(`SELECT FROM people WHERE id = 'A' FOR UPDATE`)
	done := make(chan error, 1)
	go func() {
		s, err := db.ChangePerson(t.Context(), fed.Write{Request: "one"}, "A", patchOf(`{"n": 1}`))
		if s.Version != 2 {
			t.Errorf("version %d", s.Version)
		}
		done <- err
	}()
	db.AwaitWaiting(1)
	endConnections(db)
	db.AwaitWaiting(1)
	release("COMMIT")
	must(t, soon(t, done))
}

// endConnections ends those of the store, as a stopping server does.
func endConnections(db *testdb.DB) {
	db.Text(`SELECT count(pg_terminate_backend(pid, 60000))::text FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'thalamus'`)
}

// A writer has a slot in a lane before a connection, and could wait there uncounted.
func TestWritersThatWaitForAnAbsentDatabaseAreNotTooMany(t *testing.T) {
	t.Parallel()
	away := make(chan pg.Outage, 100)
	db, err := store.New(store.Options{URL: "postgres://a@127.0.0.1:1/b", MaxConns: 8, Outage: func(o pg.Outage) { away <- o }})
	must(t, err)
	defer db.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const waiting = 1000
	told := make(chan error, 1+waiting)
	write := func() {
		_, _, err := db.CreatePage(ctx, nobody, "A", "1", nothing)
		told <- err
	}

	go write()
	soon(t, away)
	for range waiting {
		go write()
	}
	wantLater(t, soon(t, told))
	cancel()
	for range waiting {
		if err := soon(t, told); err == nil {
			t.Error("written to nobody")
		}
	}
}

// Between two records, or between two pieces of a document.
func TestADumpWhoseConnectionIsCutSaysSo(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('d', 'A', '1', convert_to(repeat('x', 9000000), 'UTF8'), '{}')`)
	for _, within := range []bool{false, true} {
		cut := 0
		err := db.For(fed.Operator).Dump(t.Context(), false, func(row store.DumpRow) error {
			switch {
			case row.Bytes != nil:
				endConnections(db)
				cut++
				_, err := io.Copy(io.Discard, row.Bytes)
				return err
			case !within:
				endConnections(db)
				cut++
			}
			return nil
		})
		if !errors.Is(err, pg.ErrLost) || cut == 0 {
			t.Errorf("within a document %t: %v after %d cuts", within, err, cut)
		}
	}
}

func TestADatabaseThatTakesNoConnectionsIsWaitedFor(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	refused := testdb.At(t, db.As("refused"))
	db.Exec(`GRANT SELECT ON pols TO refused`)
	db.Exec(`ALTER ROLE refused CONNECTION LIMIT 0`)
	endConnections(db)
	watchHealth(t, refused)
	if refused.Health(t.Context()).Answers {
		t.Error("it is said to answer")
	}

	impatient, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := refused.For(fed.Operator).Page(impatient, "A", "1")
	wantKind(t, err, fed.Unavailable)

	done := make(chan error, 1)
	go func() {
		_, err := refused.For(fed.Operator).Page(t.Context(), "A", "1")
		done <- err
	}()
	db.Exec(`ALTER ROLE refused CONNECTION LIMIT -1`)
	must(t, soon(t, done))
}

// The server has no connection to give, but we have one that is given back.
func TestAWaiterAtAFullServerGetsAConnectionThatIsGivenBack(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	single := testdb.At(t, db.As("single"))
	db.Exec(`GRANT SELECT ON pols, dus TO single`)
	db.Exec(`ALTER ROLE single CONNECTION LIMIT 1`)
	end := db.Hold(`LOCK TABLE dus IN ACCESS EXCLUSIVE MODE`)
	done := make(chan error, 2)
	go func() {
		_, err := single.Registry(fed.Unit).Get(t.Context(), fed.Operator, "U")
		if fed.KindOf(err) == fed.NotFound {
			err = nil
		}
		done <- err
	}()
	db.AwaitWaiting(1)
	const backends = `SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE usename = 'single'`
	only := db.Text(backends)
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := single.For(fed.Operator).Page(short, "A", "1")
	wantKind(t, err, fed.Unavailable)

	go func() {
		_, err := single.For(fed.Operator).Page(t.Context(), "A", "1")
		done <- err
	}()
	end("COMMIT")
	must(t, soon(t, done))
	must(t, soon(t, done))
	if got := db.Text(backends); got != only {
		t.Errorf("the connection that was there, %s, gave way to %s", only, got)
	}
	db.Exec(`GRANT SELECT ON people TO single`)
	if _, err := single.For(fed.Operator).Person(t.Context(), "A"); err != nil {
		t.Error(err)
	}
}

// The connection is of no use any more: it would refuse every later write.
func TestAPrimaryThatWasDemotedIsLeftForTheNextOne(t *testing.T) {
	t.Parallel()
	primary := newBook(t)
	name := primary.Text(`SELECT current_database()`)
	primary.Exec(`ALTER DATABASE ` + name + ` SET default_transaction_read_only = on`)
	db := testdb.At(t, primary.URL)
	done := make(chan error, 1)
	go func() {
		_, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(`{"n": 1}`))
		done <- err
	}()
	writable := testdb.Connect(t, primary.URL+"&default_transaction_read_only=off")
	awaitTrue(t, writable, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%UPDATE people%')`)
	testdb.Exec(t, primary.URL+"&default_transaction_read_only=off", `ALTER DATABASE `+name+` RESET default_transaction_read_only`)
	must(t, soon(t, done))
}

func TestARecordThatPostgreSQLCannotStoreIsTheCallersFault(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	deep := strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_000)
	for _, body := range []string{`{"a": "\u0000"}`, deep} {
		_, _, err := db.CreatePage(t.Context(), nobody, "A", "2", fed.Record(body))
		wantKind(t, err, fed.Invalid)
		_, err = db.ChangePage(t.Context(), nobody, "A", "1", fed.Record(body))
		wantKind(t, err, fed.Invalid)
	}
}

// template0 takes no connection, with an SQLSTATE (55000) that a statement could have, too.
func TestADatabaseThatTakesNoConnectionsIsUnavailable(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(testdb.Empty(t), "?")
	db, err := store.New(store.Options{URL: "postgres:///template0?" + rest, MaxConns: 8})
	must(t, err)
	defer db.Close()

	_, err = db.For(fed.Operator).Person(t.Context(), "A")
	wantKind(t, err, fed.Unavailable)
}

// awaitTrue asks until the answer is true.
func awaitTrue(t *testing.T, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	testdb.Await(t, sql, func() (holds bool) {
		err := conn.QueryRow(t.Context(), sql, args...).Scan(&holds)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return holds
	})
}
