// SPDX-License-Identifier: GPL-3.0-or-later

package monitor

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// says answers with the path that was asked for, and a word.
func says(word string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, word+" "+r.URL.Path) })
}

var quiet = slog.New(slog.DiscardHandler)

// monitored serves until the test ends, or until stop is called.
func monitored(t *testing.T, metrics http.Handler) (url string, stop func()) {
	t.Helper()
	listener, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		Serve(ctx, listener, Options{Metrics: metrics, Health: says("health"), Log: quiet})
	}()
	stop = func() {
		cancel()
		<-stopped
	}
	t.Cleanup(stop)
	return "http://" + listener.Addr().String(), stop
}

func get(t *testing.T, method, url string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(body)
}

func TestMetricsHealthAndProfilesAreServedAndNothingElse(t *testing.T) {
	t.Parallel()
	url, _ := monitored(t, says("metrics"))
	for path, want := range map[string]string{
		"/metrics": "metrics /metrics", "/health/live": "health /health/live", "/health/ready": "health /health/ready",
		"/debug/pprof/": "goroutine?debug=2", "/debug/pprof/goroutine?debug=1": "goroutine profile", "/debug/pprof/cmdline": ".test",
		"/debug/pprof/heap?debug=1": "heap profile", "/debug/pprof/symbol": "num_symbols",
	} {
		if status, text := get(t, "GET", url+path); status != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %.100q, want %q", path, status, text, want)
		}
	}
	for _, path := range []string{"/", "/login", "/people", "/health/", "/health/%2e%2e/people", "/metrics/x"} {
		if status, text := get(t, "GET", url+path); status != 404 {
			t.Errorf("%s: %d %.100q", path, status, text)
		}
	}
	if status, _ := get(t, "POST", url+"/metrics"); status != 405 {
		t.Errorf("POST: %d", status)
	}
}

func TestTwoProfilesAreMadeAtATime(t *testing.T) {
	t.Parallel()
	slots := make(chan struct{}, maxProfiles)
	begun, end := make(chan struct{}), make(chan struct{})
	handler := atMost(slots, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		begun <- struct{}{}
		<-end
	}))
	url, _ := monitored(t, handler)
	ended := make(chan int)
	for range maxProfiles {
		go func() {
			status, _ := get(t, "GET", url+"/metrics")
			ended <- status
		}()
		<-begun
	}
	if status, _ := get(t, "GET", url+"/metrics"); status != 503 {
		t.Errorf("a third one: %d", status)
	}
	close(end)
	for range maxProfiles {
		if status := <-ended; status != 200 {
			t.Errorf("status %d", status)
		}
	}
	go func() { <-begun }()
	if status, _ := get(t, "GET", url+"/metrics"); status != 200 {
		t.Errorf("after the end of others: %d", status)
	}
}

// One that is asked for longer ends after two minutes.
func TestAProfileOfTheProcessorIsMade(t *testing.T) {
	t.Parallel()
	url, _ := monitored(t, says("metrics"))
	if status, text := get(t, "GET", url+"/debug/pprof/profile?seconds=1"); status != 200 || !strings.HasPrefix(text, "\x1f\x8b") {
		t.Errorf("status %d: %.100q", status, text)
	}

	left := time.Duration(0)
	atMost(make(chan struct{}, 1), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		end, _ := r.Context().Deadline()
		left = time.Until(end)
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
	if left <= 0 || left > profileTimeout {
		t.Errorf("it has %v", left)
	}
}

func TestTheEndWaitsForNobody(t *testing.T) {
	t.Parallel()
	begun, end := make(chan struct{}), make(chan struct{})
	defer close(end)
	url, stop := monitored(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(begun)
		<-end
	}))
	cut := make(chan error)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/metrics", http.NoBody)
		if err == nil {
			_, err = http.DefaultClient.Do(r) //nolint:bodyclose // there is none
		}
		cut <- err
	}()
	<-begun
	stop()
	if <-cut == nil {
		t.Error("a reply came out of nowhere")
	}
}

// conns is a listener in memory.
type conns chan net.Conn

func (c conns) Accept() (net.Conn, error) {
	conn, ok := <-c
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (c conns) Close() error { close(c); return nil }
func (conns) Addr() net.Addr { return &net.TCPAddr{} }

func TestAScraperThatTakesNothingIsCutOffAfterTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		took := make(chan time.Duration, 1)
		metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, 1<<20))
			took <- time.Since(begun)
		})
		listener := make(conns)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			Serve(ctx, listener, Options{Metrics: metrics, Health: metrics, Log: quiet})
		}()
		client, server := net.Pipe()
		listener <- server
		_, _ = io.WriteString(client, "GET /metrics HTTP/1.1\r\nHost: hub\r\n\r\n")
		if got := <-took; got != scrapeTimeout {
			t.Errorf("it was waited for %v", got)
		}
		_ = client.Close()
		stop()
		<-ended
	})
}
