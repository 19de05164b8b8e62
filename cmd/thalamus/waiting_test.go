// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/pg"
	"thalamus/internal/testdb"
)

// restartable is a PostgreSQL with a thousand persons, each of whom is there twice.
type restartable struct {
	*testdb.Cluster
	*testdb.DB
	t *testing.T
}

func newRestartable(t *testing.T) restartable {
	t.Helper()
	r := restartable{Cluster: testdb.NewCluster(t), t: t}
	r.DB = r.New()
	r.Exec(`INSERT INTO people (id, data) SELECT kind || n, jsonb_build_object('id', kind || n,
			'name', 'Name' || md5(n::text), 'lastname', 'Lastname' || md5('x' || n), 'dob', (date '1950-01-01' + n * 5)::text)
		FROM generate_series(1, 1000) AS n, unnest('{A,B}'::text[]) AS kind; ANALYZE people`)
	return r
}

// through runs a command, and stops PostgreSQL when so many statements of the command wait for the
// lock of a table. It is started again when the command waits for that.
func (r restartable) through(statements int, table string, args ...string) (code int, stdout, stderr string) {
	r.t.Helper()
	r.Hold(`LOCK TABLE ` + table)
	var out bytes.Buffer
	told, ended := &telling{}, make(chan int)
	env := environment{stdin: strings.NewReader(""), stdout: &out, stderr: told, environ: moving(r.DB)}
	go func() { ended <- status(run(r.t.Context(), args, env), told) }()
	r.AwaitWaiting(statements)
	r.Stop()
	testdb.Await(r.t, "it says that it waits", func() bool { return strings.Contains(told.text(), "waiting for the database") })
	r.Start()
	code = <-ended
	return code, out.String(), told.text()
}

func TestWhatMovesRecordsGoesOnAfterARestartOfTheDatabase(t *testing.T) {
	t.Parallel()
	r := newRestartable(t)
	out := filepath.Join(t.TempDir(), "all")
	code, _, told := r.through(1, "pols", "export", "--out", out)
	text, err := os.ReadFile(out)
	if lines := bytes.Count(text, []byte("\n")); code != 0 || err != nil || lines != 2000 || !strings.Contains(told, "exported 2000 persons;") {
		t.Errorf("export: exit status %d, %d lines: %s", code, lines, told)
	}

	var units strings.Builder
	for n := range 25_000 {
		fmt.Fprintf(&units, `{"resource":"unit","id":"U%d","data":{"a":1}}`+"\n", n)
	}
	code, _, told = r.through(2, "dus", "import", writeFile(t, units.String()))
	if code != 0 || !strings.Contains(told, "imported 25000 units; 0 were there already, 0 refused") {
		t.Errorf("import: exit status %d: %s", code, told)
	}

	code, pairs, told := r.through(1, "people", "duplicates")
	if code != 0 || strings.Count(pairs, "\n") != 1000 || !strings.Contains(told, "the database is back") {
		t.Errorf("duplicates: exit status %d, %d pairs: %s", code, strings.Count(pairs, "\n"), told)
	}
}

func TestAnExportThatBeginsAgainLeavesNothingOfTheFirst(t *testing.T) {
	t.Parallel()
	name := writeFile(t, "old")
	texts := []string{"a half that is longer", "whole"}
	err := writeWhole(t.Context(), name, func(w io.Writer) error {
		fmt.Fprint(w, texts[0])
		texts = texts[1:]
		if len(texts) > 0 {
			return fmt.Errorf("cut: %w", pg.ErrLost)
		}
		return nil
	})
	if text, _ := os.ReadFile(name); string(text) != "whole" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// A pipe cannot be emptied.
func TestAnExportToAPipeEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, '{}' FROM generate_series(1, 100) AS n`)
	release := db.Hold(`LOCK TABLE pols`)
	defer release("ROLLBACK")
	ended := make(chan int)
	go func() {
		code, _ := here(t, "", moving(db), "export")
		ended <- code
	}()
	db.AwaitWaiting(1)
	db.Text(`SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'thalamus'`)
	if code := <-ended; code != 1 {
		t.Errorf("exit status %d", code)
	}
}

func TestAWaitIsToldNowAndThen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := waiting{out: &out}
	away := pg.Outage{Since: time.Now(), Cause: errors.New("refused\nat each address")}
	back := pg.Outage{Since: time.Now()}
	for _, o := range []pg.Outage{away, away, back, away} {
		w.tell(o)
	}
	const waits, isBack = "thalamus: waiting for the database, 0s by now: refused\n", "thalamus: the database is back after 0s\n"
	if got := out.String(); got != waits+isBack+waits {
		t.Error(got)
	}
}

// The follower's request is held, and not refused.
func TestAHubAndItsFollowerOutlastTheirDatabase(t *testing.T) {
	t.Parallel()
	cluster := testdb.NewCluster(t)
	db := cluster.New()
	hash, err := auth.Hash(otherPwd, 4)
	if err != nil {
		t.Fatal(err)
	}
	db.Exec(`INSERT INTO people (id, data) VALUES ($1, jsonb_build_object('roles', '["root"]'::jsonb, 'password', $2::text))`, other, hash)
	hub := start(t, append(moving(db), "THALAMUS_SERVER_LISTEN=127.0.0.1:0"), "serve")
	node, told := nodeOf(t, "http://"+hub.address, write(t, ""), "--resource", "unit"), &telling{}
	node.Stderr = told
	out, err := node.StdoutPipe()
	if err == nil {
		err = node.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	ready := func(want int) func() bool {
		return func() bool {
			code, _ := ask(t, "GET", "http://"+hub.address+"/health/ready", "", "", "")
			return code == want
		}
	}

	lines := bufio.NewScanner(out)
	for n, id := range []string{"one", "two", "three"} {
		if n > 0 {
			cluster.Stop()
			testdb.Await(t, "it is not ready", ready(503))
			cluster.Start()
			testdb.Await(t, "it is ready", ready(200))
		}
		db.Exec(`INSERT INTO dus (id, data) VALUES ($1, '{}')`, id)
		if !lines.Scan() || !strings.Contains(lines.Text(), `"id":"`+id+`"`) {
			t.Errorf("got %q, want %s", lines.Text(), id)
		}
	}
	_ = node.Process.Kill()
	_ = node.Wait()
	if text := told.text(); text != "" {
		t.Errorf("it was told: %s", text)
	}
}

// telling is a text that is written and read at the same time.
type telling struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *telling) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *telling) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}
