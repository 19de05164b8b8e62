// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// monitored is a running hub that shows its metrics.
type monitored struct {
	*program
	url string // where it does
}

func startMonitored(t *testing.T, environ ...string) monitored {
	t.Helper()
	p := start(t, append(environ, "THALAMUS_ADMIN_LISTEN=127.0.0.1:0"), "serve")
	found := regexp.MustCompile(`msg="metrics are served" listen=(\S+)`).FindStringSubmatch(p.logged())
	if found == nil {
		t.Fatalf("the log tells no address: %s", p.logged())
	}
	return monitored{p, "http://" + found[1]}
}

// wantReady fails the test unless metrics and health say so.
func (m monitored) wantReady(ready string, status int) {
	m.t.Helper()
	if got, text := ask(m.t, "GET", m.url+"/metrics", "", "", ""); got != 200 || !strings.Contains(text, "\nthalamus_ready "+ready+"\n") {
		m.t.Errorf("the metrics are %d, and not ready %s: %s", got, ready, text)
	}
	if got, text := ask(m.t, "GET", m.url+"/health/ready", "", "", ""); got != status {
		m.t.Errorf("/health/ready is %d %s, want %d", got, text, status)
	}
	if got, text := ask(m.t, "GET", m.url+"/health/live", "", "", ""); got != 200 {
		m.t.Errorf("/health/live is %d %s", got, text)
	}
}

func TestMetricsAreServedBeforeTheHubAndUntilItHasEnded(t *testing.T) {
	t.Parallel()
	s := pythonSite(t)
	m := startMonitored(t, append(s.environ, "THALAMUS_SERVER_DRAIN_DELAY=1h")...)
	m.await("run: thalamus migrate", 1)
	m.wantReady("0", 503)
	if status, out := here(t, "", s.environ, "migrate"); status != 0 {
		t.Fatalf("migrate: status %d: %s", status, out)
	}
	m.await("msg=serving", 1)
	m.wantReady("1", 200)
	m.signal(syscall.SIGTERM)
	m.await("msg=stopping", 1)
	m.wantReady("0", 503)
	m.signal(syscall.SIGTERM)
	m.wait()
	if _, text, err := try(t, "GET", m.url+"/health/live", "", "", ""); err == nil {
		t.Errorf("after the end: %s", text)
	}
}

func TestNothingIsServedBesidesUnlessItIsConfigured(t *testing.T) {
	t.Parallel()
	p := start(t, migratedSite(t).environ, "serve")
	if log := p.logged(); strings.Contains(log, "metrics are served") {
		t.Errorf("the log says %s", log)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap"} {
		if status, text := ask(t, "GET", "http://"+p.address+path, "ARGBUE111FAV", "freedom", ""); status != 404 {
			t.Errorf("%s is for everybody: %d %s", path, status, text)
		}
	}
}

func TestAnAddressThatIsTakenStopsTheStart(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	m := startMonitored(t, s.environ...)
	environ := append(s.environ, "THALAMUS_ADMIN_LISTEN="+strings.TrimPrefix(m.url, "http://"))
	if status, out := here(t, "", environ, "serve"); status != 1 || !strings.Contains(out, "admin.listen") {
		t.Errorf("status %d: %s", status, out)
	}
}
