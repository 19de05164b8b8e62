// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"thalamus/internal/task"
	"thalamus/internal/testdb"
)

// reader is an account that may read everything, with the password of other.
const reader = "READER"

// replicatedSite is a primary, a standby of it, and hubs that read that.
type replicatedSite struct {
	t                *testing.T
	primary, standby *testdb.Cluster
	environ          []string
	units            int // that tell whether the standby is behind
}

// long is more than any test takes: the standby is read however far it is behind.
const long = "1m"

func newReplicatedSite(t *testing.T, lag string) *replicatedSite {
	t.Helper()
	s := &replicatedSite{t: t, primary: migratedCluster(t)}
	testdb.Exec(t, s.primary.Location(), `INSERT INTO people (id, data) SELECT $1, data || '{"roles": ["root"]}' FROM people WHERE id = $2`, reader, other)
	s.standby = s.primary.Standby()
	s.environ = append(siteAt(s.primary.Location()).environ, "THALAMUS_DATABASE_READ_URL="+s.standby.Location(), "THALAMUS_DATABASE_READ_LAG="+lag)
	return s
}

// hub starts one that reads the standby for everybody.
func (s *replicatedSite) hub() *program {
	s.t.Helper()
	hub := start(s.t, s.environ, "serve")
	hub.await("a replica is read", 1)
	return hub
}

// book gives the book of other as an account reads it.
func (s *replicatedSite) book(hub *program, account string) string {
	s.t.Helper()
	code, body := ask(s.t, "GET", "http://"+hub.address+"/pols/"+other, account, otherPwd, "")
	if code != 200 {
		s.t.Errorf("the book for %s: %d %s", account, code, body)
	}
	return body
}

// add adds a page to the book of other, by its owner.
func (s *replicatedSite) add(hub *program, page string) {
	s.t.Helper()
	body := fmt.Sprintf(`{"id": %q, "book": %q}`, page, other)
	if code, body := ask(s.t, "POST", "http://"+hub.address+"/pols/"+other+"/"+page, other, otherPwd, body); code != 201 {
		s.t.Fatalf("POST: %d %s", code, body)
	}
}

// pause stops the replay of the standby, while the hub reads there for everybody but those who write.
func (s *replicatedSite) pause(hub *program) {
	s.t.Helper()
	code := 0
	testdb.Await(s.t, "the standby is read, and behind", func() bool {
		s.units++
		testdb.Exec(s.t, s.standby.Location(), `SELECT pg_wal_replay_resume()`)
		s.standby.AwaitReplay(s.primary)
		testdb.Exec(s.t, s.standby.Location(), `SELECT pg_wal_replay_pause()`)
		for testdb.Text(s.t, s.standby.Location(), `SELECT pg_get_wal_replay_pause_state()`) != "paused" {
		}

		testdb.Exec(s.t, s.primary.Location(), `INSERT INTO dus (id, data) VALUES ($1, '{}')`, fmt.Sprint("behind", s.units))
		code, _ = ask(s.t, "GET", fmt.Sprintf("http://%s/domiciliary-units/behind%d", hub.address, s.units), reader, otherPwd, "")
		return code == 404
	})
}

func TestWhoWroteReadsItThoughTheReplicaStandsStill(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, long)
	hub := s.hub()
	s.pause(hub)
	s.add(hub, "new")
	if !strings.Contains(s.book(hub, other), `"new"`) {
		t.Error("who wrote a page does not read it")
	}
	if strings.Contains(s.book(hub, reader), `"new"`) {
		t.Error("the standby is not read")
	}

	testdb.Exec(t, s.standby.Location(), `SELECT pg_wal_replay_resume()`)
	testdb.Await(t, "somebody else reads it", func() bool { return strings.Contains(s.book(hub, reader), `"new"`) })
	if !strings.Contains(s.book(hub, other), `"new"`) {
		t.Error("it is gone again")
	}
}

func TestAReplicaThatIsTooFarBehindIsLeftOut(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, "2s")
	hub := s.hub()
	testdb.Exec(t, s.standby.Location(), `SELECT pg_wal_replay_pause()`)
	testdb.Exec(t, s.primary.Location(), `INSERT INTO pols (id, book, data) VALUES ('new', $1, '{"id": "new"}')`, other)
	testdb.Await(t, "it is read", func() bool { return strings.Contains(s.book(hub, reader), `"new"`) })
	s.awaitReady(hub, `{"status":"ready","replicas":false}`)
	if _, out := here(t, "", s.environ, "check"); !strings.Contains(out, "is not read, and its readers go to the primary: it is more than 2s behind") {
		t.Errorf("check: %s", out)
	}

	testdb.Exec(t, s.standby.Location(), `SELECT pg_wal_replay_resume()`)
	s.awaitReady(hub, `{"status":"ready"}`)
	testdb.Await(t, "check is content", func() bool {
		_, out := here(t, "", s.environ, "check")
		return strings.Contains(out, "Readers go to /")
	})
}

// awaitReady waits until a load balancer is told this.
func (s *replicatedSite) awaitReady(hub *program, told string) {
	s.t.Helper()
	testdb.Await(s.t, told, func() bool {
		_, body := ask(s.t, "GET", "http://"+hub.address+"/health/ready", reader, otherPwd, "")
		return body == told
	})
}

// A paging that began at the standby goes on with what the primary has behind its place.
func TestAPagingGoesOnAtThePrimary(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, long)
	testdb.Exec(t, s.primary.Location(), `INSERT INTO dus (id, data) VALUES ('y', '{"id": "y"}')`)
	hub := s.hub()
	s.pause(hub)
	testdb.Exec(t, s.primary.Location(), `INSERT INTO dus (id, data) VALUES ('zz', '{"id": "zz"}')`)
	all, next := "", "/domiciliary-units?limit=1"
	for next != "" {
		reply := s.get(hub, next, nil)
		all += reply.body
		next = reply.next
	}
	if !strings.Contains(all, `"zz"`) {
		t.Errorf("the last unit is not among %s", all)
	}
	if all := s.get(hub, "/domiciliary-units", nil); strings.Contains(all.body, `"zz"`) {
		t.Errorf("the standby is not read: %s", all.body)
	}
}

// A client that has a version is not given an older one.
func TestWhoNamesAVersionReadsThePrimary(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, long)
	hub := s.hub()
	s.pause(hub)
	testdb.Exec(t, s.primary.Location(), `UPDATE dus SET data = data || '{"new": true}' WHERE id = 'DU1'`)
	for header, value := range map[string]string{"If-None-Match": `"9"`, "If-Match": `*`, "If-Range": `"9"`} {
		if got := s.get(hub, "/domiciliary-units/DU1", http.Header{header: {value}}); !strings.Contains(got.body, `"new"`) {
			t.Errorf("%s: %s", header, got.body)
		}
	}
	if got := s.get(hub, "/domiciliary-units/DU1", nil); strings.Contains(got.body, `"new"`) {
		t.Errorf("the standby is not read: %s", got.body)
	}
}

// part is a part of a collection, and the path of the next one.
type part struct{ body, next string }

func (s *replicatedSite) get(hub *program, path string, header http.Header) (p part) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), "GET", "http://"+hub.address+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	r.SetBasicAuth(reader, otherPwd)
	reply, err := insecure.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != 200 {
		s.t.Fatalf("GET %s: %d, %v", path, reply.StatusCode, err)
	}
	p.body = string(text)
	p.next, _, _ = strings.Cut(strings.TrimPrefix(reply.Header.Get("Link"), "<"), ">")
	return p
}

// What decides on rights is read at the primary, however far the standby is.
func TestAnAccountThatIsClosedIsOutThoughTheReplicaStandsStill(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, long)
	hub := s.hub()
	s.pause(hub)
	_ = s.book(hub, reader)
	testdb.Exec(t, s.primary.Location(), `UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, reader)
	testdb.Await(t, "the account is out", func() bool {
		code, _ := ask(t, "GET", "http://"+hub.address+"/pols/"+other, reader, otherPwd, "")
		return code == 401
	})
}

// Readers of many kinds notice nothing.
func TestAReplicaThatIsKilledIsNoErrorOfAnybody(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, long)
	testdb.Exec(t, s.primary.Location(), `INSERT INTO pols (id, book, data)
		SELECT 'page' || n, $1, jsonb_build_object('id', 'page' || n, 'summary', repeat(md5(n::text), 30)) FROM generate_series(1, 800) AS n`, other)
	hub := s.hub()
	paths := []string{
		"/people", "/people/" + other, "/pols/" + other, "/pols/" + other + "?limit=100", "/pols/" + other + "/page1", "/pols/" + other + "/page1/history",
		"/people?q=enduser", "/domiciliary-units", "/institutions", "/fhir/Patient/" + other,
	}

	var answered atomic.Int64
	asking := task.Start(t.Context(), clients(paths, func(path string) {
		code, body, err := try(t, "GET", "http://"+hub.address+path, reader, otherPwd, "")
		if code != 200 || err != nil {
			t.Errorf("GET %s: %d %.200s %v", path, code, body, err)
		}
		answered.Add(1)
	})...)
	defer asking.Stop()

	for round := range 3 {
		before := answered.Load()
		testdb.Await(t, "many were answered", func() bool { return answered.Load() > before+200 })
		s.standby.Kill()
		hub.await("a replica is not read", round+1)
		s.standby.Start()
		hub.await("a replica is read", round+2)
	}
}

// clients are two of each path, which ask for it again and again.
func clients(paths []string, ask func(path string)) (all []func(context.Context)) {
	for _, path := range slices.Concat(paths, paths) {
		all = append(all, func(ctx context.Context) {
			for ctx.Err() == nil {
				ask(path)
			}
		})
	}
	return all
}
