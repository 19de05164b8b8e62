// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// later is a site whose database can be reached only after come was called.
func later(t *testing.T) (s site, come func()) {
	t.Helper()
	s = migratedSite(t)
	there, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	query := there.Query()
	sockets, way := query.Get("host"), filepath.Join(testdir.New(t), "way")
	query.Set("host", way)
	there.RawQuery = query.Encode()
	s.environ = append(s.environ, "THALAMUS_DATABASE_URL="+there.String())
	return s, func() {
		if err := os.Symlink(sockets, way); err != nil {
			t.Fatal(err)
		}
	}
}

// wantStatus asks a server for paths that need no credentials.
func wantStatus(t *testing.T, p *program, paths map[string]int) {
	t.Helper()
	for path, want := range paths {
		if code, body := ask(t, "GET", "http://"+p.address+path, "", "", ""); code != want {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
}

func TestAServerWaitsForItsDatabaseAndHoldsRequests(t *testing.T) {
	t.Parallel()
	s, come := later(t)
	p := start(t, s.environ, "serve")
	var held sync.WaitGroup
	for range 10 {
		held.Go(func() {
			code, body, err := try(t, "GET", "http://"+p.address+"/people/"+other, other, otherPwd, "")
			if code != http.StatusOK || err != nil {
				t.Errorf("a request from before: %d %s, %v", code, body, err)
			}
		})
	}
	wantStatus(t, p, map[string]int{"/health/live": 200, "/health/ready": 503, "/": 200})
	come()
	p.await("msg=serving", 1)
	held.Wait()
	wantStatus(t, p, map[string]int{"/health/live": 200, "/health/ready": 200})
	if p.signal(syscall.SIGTERM); p.wait() != 0 {
		t.Errorf("it ended badly: %s", p.logged())
	}
}

func TestAServerThatWaitsHoldsNobodyForEver(t *testing.T) {
	t.Parallel()
	s, _ := later(t)
	p := start(t, append(s.environ, "THALAMUS_SERVER_PATIENCE=100ms"), "serve")
	if code, body := ask(t, "GET", "http://"+p.address+"/login", other, otherPwd, ""); code != 503 || !strings.Contains(body, "in time") {
		t.Errorf("got %d %s", code, body)
	}
	if p.signal(syscall.SIGTERM); p.wait() != 0 {
		t.Errorf("it ended badly: %s", p.logged())
	}
}

// Requests that wait for the database do not keep a server from its end.
func TestAServerThatWaitsStopsAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := later(t)
	p := start(t, append(s.environ, "THALAMUS_SERVER_PATIENCE=1h", "THALAMUS_SERVER_SHUTDOWN_TIMEOUT=1h", "THALAMUS_SERVER_DRAIN_DELAY=1h"), "serve")
	var held sync.WaitGroup
	for range 10 {
		held.Go(func() {
			if code, body, err := try(t, "GET", "http://"+p.address+"/login", other, otherPwd, ""); err == nil && code != 503 {
				t.Errorf("got %d %s", code, body)
			}
		})
	}
	wantStatus(t, p, map[string]int{"/health/live": 200})
	if p.signal(syscall.SIGTERM); p.wait() != 0 {
		t.Errorf("it ended badly: %s", p.logged())
	}
	held.Wait()
}

// A proxy may accept for a database that is gone.
func TestAnAddressThatAcceptsAndSaysNothingIsTold(t *testing.T) {
	t.Parallel()
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	environ := append(pythonSite(t).environ, "THALAMUS_DATABASE_URL=postgres://thalamus@"+silent.Addr().String()+"/federation?connect_timeout=3600")
	start(t, environ, "serve").await("waiting for the database", 1)
}

func TestADatabaseThatNeverFitsEndsTheStart(t *testing.T) {
	t.Parallel()
	newer := migratedSite(t)
	testdb.Exec(t, newer.url, `INSERT INTO thalamus_migrations (number, name, checksum) SELECT max(number) + 1, 'later', '' FROM thalamus_migrations`)
	there := migratedSite(t).url
	for reason, url := range map[string]string{
		"newer thalamus":   newer.url,
		"(SQLSTATE 28000)": strings.Replace(there, "user=postgres", "user=nobody", 1),
		"(SQLSTATE 3D000)": strings.Replace(there, "/test_", "/no_", 1),
		"cannot be read":   "postgres://host:port",
	} {
		t.Run(reason, func(t *testing.T) {
			status, out := here(t, "", append(newer.environ, "THALAMUS_DATABASE_URL="+url), "serve")
			if status != 1 || !strings.Contains(out, reason) || strings.Count(out, "\n") != 1 || strings.Contains(out, "run:") {
				t.Errorf("%s: status %d: %s", reason, status, out)
			}
		})
	}
}

// The delay ends with a second signal only.
func TestASignalMakesReadinessFailFirst(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p := start(t, append(s.environ, "THALAMUS_SERVER_DRAIN_DELAY=1h"), "serve")
	wantStatus(t, p, map[string]int{"/health/ready": 200})
	p.signal(syscall.SIGTERM)
	p.await("msg=stopping", 1)
	wantStatus(t, p, map[string]int{"/health/live": 200, "/health/ready": 503})
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+p.address+"/login", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(other, otherPwd)
	reply, err := insecure.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 || !reply.Close {
		t.Errorf("%d, asks for another connection: %t", reply.StatusCode, reply.Close)
	}
}
