// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/testdb"
)

// listener reads a stream of changes.
type listener struct {
	t     *testing.T
	lines *bufio.Scanner
}

func listenTo(t *testing.T, base, account, password string) *listener {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", base+"/changes?since=now", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(account, password)
	r.Header.Set("Accept", "text/event-stream")
	reply, err := insecure.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reply.Body.Close() })
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("status %d", reply.StatusCode)
	}
	return &listener{t, bufio.NewScanner(reply.Body)}
}

// want reads up to a change that has this in it.
func (l *listener) want(part string) {
	l.t.Helper()
	for l.lines.Scan() {
		if data, ok := strings.CutPrefix(l.lines.Text(), "data: "); ok && strings.Contains(data, part) {
			return
		}
	}
	l.t.Errorf("it ended without %s: %v", part, l.lines.Err())
}

func (l *listener) wantEnd() {
	l.t.Helper()
	for l.lines.Scan() {
	}
	if err := l.lines.Err(); err != nil {
		l.t.Errorf("it ended badly: %v", err)
	}
}

func TestListenersOfTwoServersHearOfEveryWriterAndOfTheEnd(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = $1`, other)
	a, b := start(t, s.environ, "serve"), start(t, s.environ, "serve")
	baseA, baseB := "http://"+a.address, "http://"+b.address
	atA, atB := listenTo(t, baseA, other, otherPwd), listenTo(t, baseB, other, otherPwd)
	for name, write := range map[string]func(id string){
		"by-a": func(id string) { ask(t, "POST", baseA+"/institutions/"+id, other, otherPwd, `{}`) },
		"by-b": func(id string) { ask(t, "POST", baseB+"/institutions/"+id, other, otherPwd, `{}`) },
		"psql": func(id string) { testdb.Exec(t, s.url, `INSERT INTO institutions VALUES ($1, '{}')`, id) },
	} {
		write(name)
		atA.want(name)
		atB.want(name)
	}
	a.signal(syscall.SIGTERM)
	atA.wantEnd()
	if status := a.wait(); status != 0 || strings.Contains(a.logged(), "cut off") {
		t.Errorf("exit status %d: %s", status, a.logged())
	}
	if code, body := ask(t, "PATCH", baseB+"/people/"+other, other, otherPwd, `{"password":"another one"}`); code != 200 {
		t.Fatalf("PATCH: %d %s", code, body)
	}
	atB.wantEnd()
}

func TestOldChangesAreCutWhenTheServerStarts(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	for range 3 {
		testdb.Exec(t, s.url, `UPDATE people SET data = data || jsonb_build_object('n', random()) WHERE id = $1`, other)
	}
	if p := start(t, append(s.environ, "THALAMUS_FEED_RETENTION=1ns"), "serve"); p != nil {
		p.await("removed old changes", 1)
	}
	left := testdb.Text(t, s.url, `SELECT string_agg(c.version::text, ' ') FROM thalamus_feed f JOIN thalamus_changes c USING (seq) WHERE c.id = $1`, other)
	if left != "4" {
		t.Errorf("versions %s are left", left)
	}
}
