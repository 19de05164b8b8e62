// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// echo answers with what it was asked, in the form that the path says.
func echo(w http.ResponseWriter, r *http.Request) {
	account, password, _ := r.BasicAuth()
	body, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case "/missing":
		w.WriteHeader(http.StatusNotFound)
	case "/none":
		w.WriteHeader(http.StatusNoContent)
		return
	case "/chunked":
		w.(http.Flusher).Flush()
	}
	_, _ = io.WriteString(w, strings.Join([]string{account, password, r.Header.Get("X-Forwarded-For"), string(body)}, " "))
}

func TestClientSendsAndReads(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	c := dial(t.Context(), strings.TrimPrefix(server.URL, "http://"))
	defer c.close()
	who := login{"me", "pass:word", addressOf(258)}
	for _, path := range []string{"/plain", "/chunked", "/none", "/missing", "/chunked", "/plain"} {
		status, body, err := c.open(who.request("POST", path, "sent"))
		if err != nil {
			t.Fatal(path, err)
		}
		text, err := io.ReadAll(body)
		_ = body.Close()
		want, wantStatus := "me pass:word 10.0.1.2 sent", http.StatusOK
		switch path {
		case "/none":
			want, wantStatus = "", http.StatusNoContent
		case "/missing":
			wantStatus = http.StatusNotFound
		}
		if err != nil || string(text) != want || status != wantStatus {
			t.Errorf("%s: got %d, %q, %v", path, status, text, err)
		}
	}
	if err := c.demand(who.get("/missing")); err == nil || !strings.Contains(err.Error(), "GET /missing: status 404") {
		t.Errorf("got %v", err)
	}
}

func TestLoad(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	l := load{address: strings.TrimPrefix(server.URL, "http://"), connections: 3, time: 20 * time.Millisecond,
		requests: always(login{}.get("/plain"))}
	s, err := l.run(t.Context())
	if err != nil || len(s.took) < 3 || s.failed != 0 || s.rate <= 0 {
		t.Errorf("got %+v, %v", s, err)
	}
	l.requests = mixed(l.requests, always(login{}.get("/missing")))
	if _, err := l.run(t.Context()); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("got %v", err)
	}
	l.lenient = true
	if s, err := l.run(t.Context()); err != nil || s.failed == 0 || len(s.took) == 0 {
		t.Errorf("got %+v, %v", s, err)
	}
}

// TestNewPages reads two requests as a server would.
func TestNewPages(t *testing.T) {
	next := login{account: "me"}.newPages("ESPBEN000007", "ESPBEN000008")(0)
	var ids []string
	for _, owner := range []string{"ESPBEN000008", "ESPBEN000007"} {
		q := next()
		var page struct{ ID, Book, Page string }
		if err := json.Unmarshal([]byte(q.body), &page); err != nil {
			t.Fatal(err)
		}
		if q.method != http.MethodPost || q.path != "/pols/"+owner+"/"+page.ID || page.Book != owner || page.Page != page.ID {
			t.Errorf("got %+v", q)
		}
		ids = append(ids, page.ID)
	}
	if ids[0] == ids[1] || ids[0] == noPage {
		t.Errorf("got %q", ids)
	}
}

func TestServingAddress(t *testing.T) {
	for log, want := range map[string]string{
		"": "",
		"level=INFO msg=serving version=1 address=127.0.0.1:12":                                     "",
		"level=WARN msg=x\nlevel=INFO msg=serving version=1 address=127.0.0.1:1234 tls=false\nmore": "127.0.0.1:1234",
		"level=INFO msg=serving address=127.0.0.1:1234\n":                                           "127.0.0.1:1234",
	} {
		if got := servingAddress(log); got != want {
			t.Errorf("%q: got %q", log, got)
		}
	}
}
