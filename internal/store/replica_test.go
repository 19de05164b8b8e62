// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/task"
	"thalamus/internal/testdb"
)

// reading is a database that reads a standby of it, and is told of that.
type reading struct {
	*replicated
	db   *store.DB
	told chan store.ReplicaUse
}

func newReading(t *testing.T, lag time.Duration) *reading {
	t.Helper()
	r := &reading{replicated: newReplicated(t), told: make(chan store.ReplicaUse, 100)}
	r.read(r.behind.Location(), lag)
	r.await("the standby is read", func() bool { return r.db.Replicas().Choose("A") == 1 })
	return r
}

// read opens the primary with the standbys at a URL.
func (r *reading) read(url string, lag time.Duration) {
	r.t.Helper()
	r.open(r.at.Location(), url, lag)
}

// open opens a database with the standbys at a URL.
func (r *reading) open(primary, url string, lag time.Duration) {
	r.t.Helper()
	var err error
	r.db, err = store.New(store.Options{URL: primary, ReadURL: url, ReadLag: lag, MaxConns: 4})
	must(r.t, err)
	r.t.Cleanup(r.db.Close)
	watching := task.Start(r.t.Context(), func(ctx context.Context) {
		r.db.Replicas().Watch(ctx, func(use store.ReplicaUse) { r.told <- use })
	})
	r.t.Cleanup(watching.Stop)
}

func (r *reading) await(what string, holds func() bool) {
	r.t.Helper()
	testdb.Await(r.t, what, holds)
}

// pause stops the replay of the standby, behind what was written until now.
func (r *reading) pause() {
	r.t.Helper()
	r.behind.AwaitReplay(r.at)
	testdb.Exec(r.t, r.behind.Location(), `SELECT pg_wal_replay_pause()`)
	r.await("the replay is paused", func() bool {
		return testdb.Text(r.t, r.behind.Location(), `SELECT pg_get_wal_replay_pause_state()`) == "paused"
	})
}

func (r *reading) resume() {
	r.t.Helper()
	testdb.Exec(r.t, r.behind.Location(), `SELECT pg_wal_replay_resume()`)
}

// has reports whether a unit is there for an account.
func (r *reading) has(id, account string) bool {
	r.t.Helper()
	reader := fed.Reader{Account: account, Replica: r.db.Replicas().Choose(account)}
	_, err := r.db.Registry(fed.Unit).Get(r.t.Context(), reader, id)
	if err != nil && fed.KindOf(err) != fed.NotFound {
		r.t.Error(err)
	}
	return err == nil
}

func TestAnAccountReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	r := newReading(t, time.Minute)
	r.pause()
	r.primary.Exec(`INSERT INTO dus (id, data) VALUES ('b', '{}')`)
	r.db.Replicas().Wrote("A")
	if !r.has("b", "A") || r.has("b", "B") {
		t.Error("the writer does not see it, or somebody else does")
	}

	r.resume()
	r.await("the standby is read by the writer", func() bool { return r.db.Replicas().Choose("A") == 1 })
	if !r.has("b", "A") {
		t.Error("it is read before it has all")
	}
}

func TestAReplicaThatIsFarBehindIsNotRead(t *testing.T) {
	t.Parallel()
	r := newReading(t, 2*time.Second)
	r.pause()
	r.primary.Exec(`INSERT INTO dus (id, data) VALUES ('b', '{}')`)
	r.await("everybody sees it", func() bool { return r.has("b", "B") })
	r.resume()
	r.await("the standby is read again", func() bool { return r.db.Replicas().Choose("B") == 1 })
}

// However far a replica is behind.
func TestWhatDecidesOnRightsIsReadAtThePrimary(t *testing.T) {
	t.Parallel()
	r := newReading(t, time.Minute)
	r.pause()
	end, err := r.primary.FeedEnd(t.Context())
	must(t, err)
	r.primary.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"id": "A", "roles": ["root"]}'), ('B', '{"id": "B"}')`)
	_, _, err = r.primary.Link(t.Context(), nobody, "A", "B", true)
	must(t, err)
	must(t, r.primary.Publish(t.Context()))

	view := r.db.For(fed.Reader{Account: "A", Replica: 1})
	_, err = view.Person(t.Context(), "A")
	wantKind(t, err, fed.NotFound)
	for name, count := range map[string]func() (int, error){
		"account":  func() (int, error) { a, err := view.Account(t.Context(), "A"); return len(a.ID), err },
		"accounts": func() (int, error) { all, err := view.AccountsOf(t.Context(), []string{"A"}); return len(all), err },
		"staff": func() (n int, err error) {
			err = view.Staff(t.Context(), store.AccountFilter{}, store.Keyset[string]{Limit: 2}, func(store.Account) error { n++; return nil })
			return n, err
		},
		"links": func() (n int, err error) {
			err = view.Links(t.Context(), "A", store.Keyset[string]{}, func(store.Link) error { n++; return nil })
			return n, err
		},
		"same":    func() (int, error) { same, err := view.Same(t.Context(), "A"); return len(same) - 1, err },
		"cluster": func() (int, error) { all, err := view.Cluster(t.Context(), "A"); return len(all) - 1, err },
		"changes": func() (int, error) {
			page, err := view.Changes(t.Context(), store.FeedQuery{After: end, Limit: 1, All: everything})
			return len(page.Changes), err
		},
	} {
		if n, err := count(); n != 1 || err != nil {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
}

// A write through another server comes with the feed, and is treated alike.
func TestAWriterElsewhereReadsThePrimary(t *testing.T) {
	t.Parallel()
	r := newReading(t, time.Minute)
	followed := make(chan struct{}, 100)
	publishing := task.Start(t.Context(), func(ctx context.Context) {
		r.db.FollowFeed(ctx, nil, func([]store.ChangeNotice) { followed <- struct{}{} }, func(err error) { t.Error(err) })
	})
	defer publishing.Stop()
	<-followed // and before it, anybody may have written
	r.await("the standby is read", func() bool { return r.db.Replicas().Choose("ELSEWHERE") == 1 })

	r.pause()
	_, _, err := r.primary.Registry(fed.Unit).Create(t.Context(), fed.Write{Account: "ELSEWHERE"}, "b", fed.Record(`{}`), nothing)
	must(t, err)
	r.await("the writer sees it", func() bool { return r.has("b", "ELSEWHERE") })
	if r.has("b", "B") {
		t.Error("somebody else sees it as soon")
	}
	r.resume()
}

// What was given to a client already is not read again, and nothing is left out.
func TestAListWhoseReplicaEndsGoesOnAtThePrimary(t *testing.T) {
	t.Parallel()
	r := newReading(t, time.Minute)
	r.primary.Exec(`INSERT INTO dus (id, data) SELECT to_char(n, 'FM0000'), jsonb_build_object('n', n, 'filler', repeat(md5(n::text), 200))
		FROM generate_series(1, 3000) AS n`)
	r.behind.AwaitReplay(r.at)

	var got, want []string
	for n := range 3000 {
		want = append(want, strconv.Itoa(n+1))
	}
	err := r.db.Registry(fed.Unit).Each(t.Context(), fed.Reader{Replica: 1}, store.Keyset[string]{}, taker{}, func(unit fed.Record) error {
		var is struct{ N int }
		must(t, json.Unmarshal(unit, &is))
		if is.N == 0 {
			return nil // of the fixture
		}
		if len(got) == 700 {
			r.behind.Stop()
			r.primary.Exec(`UPDATE dus SET data = data || '{"n": 0}' WHERE id = '3000'`)
			want = want[:2999]
		}
		got = append(got, strconv.Itoa(is.N))
		return nil
	})
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestAServerThatIsNoStandbyOfTheDatabaseIsNotRead(t *testing.T) {
	t.Parallel()
	r := &reading{replicated: newReplicated(t), told: make(chan store.ReplicaUse, 100)}
	other := testdb.NewStranger(t)
	for url, want := range map[string]string{
		r.at.Location():  "it is no standby: the primary itself, or promoted",
		other.Location(): "it is a standby of another database than database.url",
	} {
		r.read(url, 4*time.Second)
		if use := <-r.told; use.Reason == nil || use.Reason.Error() != want {
			t.Errorf("it is told %v", use.Reason)
		}
		if r.db.Replicas().Choose("A") != 0 {
			t.Errorf("it is read, though %s", want)
		}
	}
}

// Of two standbys the one that ends is left out, and comes back.
func TestOneOfTwoReplicasEnds(t *testing.T) {
	t.Parallel()
	r := &reading{replicated: newReplicated(t), told: make(chan store.ReplicaUse, 100)}
	second := r.at.Standby()
	r.read(bothHosts(t, r.behind.Location(), second.Location()), 4*time.Second)
	use := func() (read int) {
		each, _ := r.db.Replicas().Use()
		for _, one := range each {
			if one.Reason == nil {
				read++
			}
		}
		return read
	}
	r.await("both are read", func() bool { return use() == 2 })

	second.Stop()
	for n := range 100 {
		if !r.has("a", strconv.Itoa(n)) {
			t.Error("a unit is not there")
		}
	}
	r.await("one is read", func() bool { return use() == 1 })
	second.Start()
	r.await("both are read again", func() bool { return use() == 2 })
}

// Readers of a standby that stands still, as behind a network that is cut, wait no longer than it may be behind.
func TestWhoReadsASilentReplicaIsAnsweredByThePrimary(t *testing.T) {
	t.Parallel()
	r := newReading(t, 2*time.Second)
	reader := fed.Reader{Account: "A", Replica: 1}
	if _, err := r.db.Registry(fed.Unit).Get(t.Context(), reader, "a"); err != nil {
		t.Fatal(err)
	}

	signal := r.processes()
	signal(syscall.SIGSTOP)
	defer signal(syscall.SIGCONT)
	if _, err := r.db.Registry(fed.Unit).Get(t.Context(), reader, "a"); err != nil {
		t.Errorf("who reads it already: %v", err)
	}
	if r.db.Replicas().Choose("A") != 0 {
		t.Error("it is chosen")
	}
	signal(syscall.SIGCONT)
	r.await("it is read again", func() bool { return r.db.Replicas().Choose("A") == 1 })
}

// processes gives a function that sends a signal to all of the standby.
func (r *reading) processes() func(syscall.Signal) {
	r.t.Helper()
	backends := testdb.Text(r.t, r.behind.Location(), `SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE pid <> pg_backend_pid()`)
	first, _, _ := strings.Cut(testdb.Text(r.t, r.behind.Location(), `SELECT pg_read_file('postmaster.pid')`), "\n")
	return func(s syscall.Signal) {
		for _, text := range append(strings.Fields(backends), first) {
			pid, err := strconv.Atoi(text)
			must(r.t, err)
			_ = syscall.Kill(pid, s) // some have ended
		}
	}
}

// bothHosts is a URL of two servers.
func bothHosts(t *testing.T, one, other string) string {
	t.Helper()
	first, second := parseURL(t, one), parseURL(t, other)
	values := first.Query()
	values.Set("host", values.Get("host")+","+second.Query().Get("host"))
	values.Set("port", values.Get("port")+","+second.Query().Get("port"))
	first.RawQuery = values.Encode()
	return first.String()
}

func parseURL(t *testing.T, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	must(t, err)
	return parsed
}

func TestTheURLOfTheReplicasIsChecked(t *testing.T) {
	t.Parallel()
	_, err := store.New(store.Options{URL: "postgres://a@127.0.0.1:1/b", ReadURL: "postgres://a:secret@127.0.0.1:x/b"})
	if err == nil || errors.Is(err, store.ErrAway) || strings.Contains(err.Error(), "secret") {
		t.Errorf("it says %v", err)
	}
}
