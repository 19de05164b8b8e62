// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// awaited is a database whose commits wait for a standby that is away.
type awaited struct {
	*testdb.DB
	t        *testing.T
	watching *pgx.Conn
}

func newAwaited(t *testing.T) *awaited {
	t.Helper()
	url := startSafe(t, testdir.New(t))
	db := &awaited{DB: testdb.At(t, url), t: t, watching: testdb.Connect(t, url)}
	_, err := db.Migrate(t.Context())
	must(t, err)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1), ('B', '{"id": "B"}'), ('C', '{"id": "C", "active": false}')`, personA)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('1', 'A', $1)`, pageOne)
	return db
}

// standby says whether one is waited for.
func (db *awaited) standby(names string) {
	db.t.Helper()
	db.Exec(fmt.Sprintf(`ALTER SYSTEM SET synchronous_standby_names = '%s'`, names))
	db.Exec(`SELECT pg_reload_conf()`)
	awaitTrue(db.t, db.watching, `SELECT current_setting('synchronous_standby_names') = '`+names+`'`)
	if names != "" {
		db.awaitWaitingCommits()
	}
}

// awaitWaitingCommits commits until that waits for the standby. The checkpointer says whether
// commits do, and may read a new setting later than each of the others.
func (db *awaited) awaitWaitingCommits() {
	db.t.Helper()
	ctx, cancel := context.WithCancel(db.t.Context())
	trying := testdb.Connect(db.t, db.URL+"&application_name=trying")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			_, _ = trying.Exec(ctx, `SELECT pg_logical_emit_message(true, 'test', '')`)
		}
	}()
	awaitTrue(db.t, db.watching, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'trying')`)
	cancel()
	<-ended
}

// waits is true while a statement of the store waits for the standby.
const waits = `FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'thalamus'`

// interrupted runs a write whose first wait for the standby is ended by a function of PostgreSQL,
// whereupon nobody knows what became of it; it is committed, on this server. The standby is back
// only when the write waits again.
func (db *awaited) interrupted(how string, write func() error) {
	db.t.Helper()
	db.interruptedTimes(1, how, write)
}

// interruptedTimes is interrupted, after so many waits.
func (db *awaited) interruptedTimes(n int, how string, write func() error) {
	db.t.Helper()
	db.standby("nobody")
	done := make(chan error, 1)
	go func() { done <- write() }()
	awaitTrue(db.t, db.watching, `SELECT EXISTS (SELECT `+waits+`)`)
	for range n {
		waiting := testdb.Text(db.t, db.URL, `SELECT pid::text `+waits)
		testdb.Text(db.t, db.URL, `SELECT `+how+`(`+waiting+`)::text`)
		awaitTrue(db.t, db.watching, `SELECT EXISTS (SELECT `+waits+` AND pid <> `+waiting+`)`)
	}
	db.standby("")
	must(db.t, soon(db.t, done))
}

// A write is answered as if nothing had happened, and is made once.
func TestAWriteWhoseOutcomeIsUnknownIsMadeOnce(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	ctx, n := t.Context(), 0
	for _, how := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		n++
		w := fed.Write{Account: "A", Request: how}
		person, page, document := fmt.Sprint("P", n), fmt.Sprint("page", n), fmt.Sprint("document", n)
		for name, write := range map[string]func() (string, error){
			"create person": func() (string, error) {
				s, created, err := db.CreatePerson(ctx, w, person, fed.Record(`{"id": "`+person+`"}`), nothing)
				return fmt.Sprint(created, s.Version), err
			},
			"create page": func() (string, error) {
				s, created, err := db.CreatePage(ctx, w, "A", page, fed.Record(`{"a": 1}`))
				return fmt.Sprint(created, s.Version), err
			},
			"create unit": func() (string, error) {
				s, created, err := db.Registry(fed.Unit).Create(ctx, w, person, fed.Record(`{"a": 1}`), nothing)
				return fmt.Sprint(created, s.Version), err
			},
			"create document": func() (string, error) {
				u := upload(document, false, []byte("bytes of "+document))
				_, s, created, err := db.CreateDocument(ctx, w, u)
				return fmt.Sprint(created, s.Version), err
			},
			"link": func() (string, error) {
				_, created, err := db.Link(ctx, w, "A", "B", true)
				return fmt.Sprint(created, 1), err
			},
		} {
			db.interrupted(how, func() error {
				got, err := write()
				if got != "true1" && got != "true 1" {
					t.Errorf("%s, %s: created and version are %s", how, name, got)
				}
				return err
			})
		}
		db.Exec(`DELETE FROM thalamus_links`)
	}
}

func TestAChangeWhoseOutcomeIsUnknownIsMadeOnce(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	version := int64(1)
	for _, how := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		version++
		w := fed.Write{Account: "A", Request: how, Versions: []int64{version - 1}}
		db.interrupted(how, func() error {
			s, err := db.ChangePage(t.Context(), w, "A", "1", fed.Record(fmt.Sprintf(`{"n": %d}`, version)))
			if s.Version != version {
				t.Errorf("%s: version %d, and not %d", how, s.Version, version)
			}
			return err
		})
		db.wantHistory("1", version)
	}
}

func TestALoadWhoseOutcomeIsUnknownIsCountedOnce(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	for _, how := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		rows := []store.LoadRow{
			{Resource: fed.Person, ID: "A", Data: fed.Record(personA)}, // is there
			{Resource: fed.Person, ID: how, Data: fed.Record(`{"id": "` + how + `"}`)},
			{Resource: fed.Unit, ID: how, Data: fed.Record(`{"a": 1}`)},
			{Resource: fed.Unit, ID: how, Data: fed.Record(`{"a": 1}`)}, // twice
			{Resource: fed.Page, ID: how, Person: "nobody", Data: fed.Record(`{}`)},
			{Resource: fed.Link, ID: how, Person: "A", Data: fed.Record(`{"same": true}`)},
		}
		db.interrupted(how, func() error {
			results, err := db.Load(t.Context(), rows, func() error { return nil })
			kinds := []store.LoadOutcome{}
			for _, result := range results {
				kinds = append(kinds, result.Kind)
			}
			want := []store.LoadOutcome{store.LoadPresent, store.LoadCreated, store.LoadCreated, store.LoadPresent, store.LoadRefused, store.LoadCreated}
			if !slices.Equal(kinds, want) {
				t.Errorf("%s: the results are %v, want %v", how, kinds, want)
			}
			return err
		})
		db.Exec(`DELETE FROM thalamus_links`)
	}
}

// Somebody else was faster than the second run: the answer is that of the first.
func TestAChangeWhoseOutcomeIsUnknownIsFoundBehindALaterOne(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	db.standby("nobody")
	done := make(chan error, 1)
	go func() {
		s, err := db.ChangePage(t.Context(), fed.Write{Request: "one"}, "A", "1", fed.Record(`{"n": 2}`))
		if s.Version != 2 || string(s.Record) != string(withN(2)) {
			t.Errorf("got version %d: %s", s.Version, s.Record)
		}
		done <- err
	}()
	awaitTrue(t, db.watching, `SELECT EXISTS (SELECT `+waits+`)`)
	first := testdb.Text(t, db.URL, `SELECT pid::text `+waits)
	end := db.holdBehind(first)
	testdb.Text(t, db.URL, `SELECT pg_terminate_backend(`+first+`)::text`)
	db.standby("")
	end()
	must(t, soon(t, done))
	db.wantHistory("1", 3)
}

// holdBehind changes the page as soon as a backend lets go of it, and commits in the end.
func (db *awaited) holdBehind(pid string) (end func()) {
	other, held := testdb.Connect(db.t, db.URL), make(chan error, 1)
	go func() {
		_, err := other.Exec(db.t.Context(), `BEGIN; SET LOCAL synchronous_commit = local; UPDATE pols SET data = data || '{"n": 3}' WHERE id = '1'`)
		held <- err
	}()
	awaitTrue(db.t, db.watching, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE `+pid+` = ANY (pg_blocking_pids(pid)))`)
	return func() {
		must(db.t, soon(db.t, held))
		_, err := other.Exec(db.t.Context(), `COMMIT`)
		must(db.t, err)
	}
}

func withN(n int) fed.Record { return fed.Record(fmt.Sprintf(`{"n": %d, "id": "1", "book": "A"}`, n)) }

func (db *awaited) wantHistory(id string, versions int64) {
	db.t.Helper()
	wantText(db.t, testdb.Text(db.t, db.URL, `SELECT max(version) || ' of ' || count(*) + 1 FROM thalamus_changes WHERE id = '`+id+`' AND version > 1`),
		nil, fmt.Sprintf("%d of %d", versions, versions))
}

func TestADeletionWhoseOutcomeIsUnknownIsNotSaidToBeOfNothing(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	for _, how := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		db.Exec(`INSERT INTO pols (id, book, data) VALUES ($1, 'A', '{}')`, how)
		db.Exec(`INSERT INTO dus (id, data) VALUES ($1, '{}')`, how)
		w := fed.Write{Account: "A", Request: how}
		db.interrupted(how, func() error { return db.DeletePage(t.Context(), w, "A", how) })
		db.interrupted(how, func() error { return db.Registry(fed.Unit).Delete(t.Context(), w, how) })
	}
	db.interrupted("pg_terminate_backend", func() error { return db.DeletePerson(t.Context(), fed.Write{Request: "one"}, "C") })
	_, _, err := db.Link(t.Context(), nobody, "A", "B", true)
	must(t, err)
	db.interrupted("pg_cancel_backend", func() error { return db.Unlink(t.Context(), "A", "B") })
}

// A record that is there, but perhaps on this server alone, is not acknowledged.
func TestARepeatedCreationIsAcknowledgedWhenItIsOnTheStandby(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	u := upload("x", true, []byte("bytes"))
	w := fed.Write{Account: "A", Request: "first"}
	_, _, err := db.CreatePerson(t.Context(), w, "P", fed.Record(`{"id": "P"}`), nothing)
	must(t, err)
	repeated := map[string]func(ctx context.Context) error{
		"person": func(ctx context.Context) error {
			there, err := db.RepeatedPerson(ctx, w, "P", fed.Record(`{"id": "P"}`), nothing)
			if err == nil && !there.Same {
				t.Error("the person is not there")
			}
			return err
		},
		"page": func(ctx context.Context) error {
			_, _, err := db.CreatePage(ctx, w, "A", "2", fed.Record(`{"a": 1}`))
			return err
		},
		"unit": func(ctx context.Context) error {
			_, _, err := db.Registry(fed.Unit).Create(ctx, w, "U", fed.Record(`{"a": 1}`), nothing)
			return err
		},
		"document": func(ctx context.Context) error {
			_, _, _, err := db.CreateDocument(ctx, w, u)
			return err
		},
		"link": func(ctx context.Context) error {
			_, _, err := db.Link(ctx, w, "A", "B", true)
			return err
		},
		"patch": func(ctx context.Context) error {
			_, err := db.ChangePage(ctx, w, "A", "1", fed.Record(`{"n": 1}`))
			return err
		},
		"person's patch": func(ctx context.Context) error {
			_, err := db.ChangePerson(ctx, w, "A", store.PersonChange{Patch: fed.Record(`{"n": 1}`), Filled: nothing, Roles: nothing})
			return err
		},
	}
	for name, write := range repeated {
		if err := write(t.Context()); err != nil {
			t.Fatal(name, err)
		}
	}
	w.Request = "second"
	db.standby("nobody")
	for name, write := range repeated {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if err := write(ctx); fed.KindOf(err) != fed.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
	db.standby("")
	for name, write := range repeated {
		if err := write(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The first wait is for the lock of the row alone, the second for the change. When that is run
// again the condition of the request holds no more: it was fulfilled by itself.
func TestTheLossOfAnAdministratorWhoseOutcomeIsUnknownIsMadeOnce(t *testing.T) {
	t.Parallel()
	db := newAwaited(t)
	addPerson(db.DB, "CHIEF", chief)
	for _, how := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		addPerson(db.DB, how, chief)
		w := guarded
		w.Request, w.Versions = how, []int64{1}
		db.interruptedTimes(2, how, func() error {
			stored, err := db.ChangePerson(t.Context(), w, how, someAdministrator(`{"active": false}`))
			if stored.Version != 2 {
				t.Errorf("%s: version %d", how, stored.Version)
			}
			return err
		})
	}
}
