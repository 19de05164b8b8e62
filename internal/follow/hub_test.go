// SPDX-License-Identifier: GPL-3.0-or-later

package follow

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// hub is a real HTTP server with a feed of its own. The n-th request gets the
// n-th of its answers; when there are no more of these, it gets pages of the feed.
type hub struct {
	*httptest.Server
	feed    []string // whole changes; the cursor behind the n-th is c(n+1)
	size    int      // of a page
	answers []http.HandlerFunc
	mu      sync.Mutex
	asked   []url.Values
}

func serve(t *testing.T, feed []string, answers ...http.HandlerFunc) *hub {
	t.Helper()
	h := &hub{feed: feed, size: 1000, answers: answers}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.asked = append(h.asked, r.URL.Query())
	n := len(h.asked)
	h.mu.Unlock()
	account, password, _ := r.BasicAuth()
	switch {
	case r.Method != "GET" || r.URL.Path != "/changes" || account != "NODE" || password != "pass:wörd":
		w.WriteHeader(http.StatusNotImplemented)
	case n <= len(h.answers):
		h.answers[n-1](w, r)
	default:
		h.page(w, r)
	}
}

// page answers as the feed does; but a wait lasts until the client goes.
func (h *hub) page(w http.ResponseWriter, r *http.Request) {
	from := 0
	if since := r.URL.Query().Get("since"); since == "now" {
		from = len(h.feed)
	} else if since != "" {
		_, _ = fmt.Sscanf(since, "c%d", &from)
	}
	if from == len(h.feed) && r.URL.Query().Has("wait") {
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(page(h.feed, from, min(len(h.feed), from+h.size)))
	_ = http.NewResponseController(w).Flush() // the end of the reply comes by itself
}

func page(feed []string, from, to int) []byte {
	return fmt.Appendf(nil, "{\"changes\":[%s],\"next\":\"c%d\"}\n", strings.Join(feed[from:to], ","), to)
}

func feed(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf(`{"cursor":"c%d","resource":"page","id":"p%d","version":1,"data":{"hr": %d}}`, i+1, i, 60+i))
	}
	return all
}

func lines(feed []string) string { return strings.Join(feed, "\n") + "\n" }

func (h *hub) requests() []url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asked)
}

// answer refuses.
func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// cut sends the first bytes of a reply and ends the connection.
func cut(reply []byte, at int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(len(reply)))
		_, _ = w.Write(reply[:at])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// follower is one with a file of its own that takes no time to pause.
type follower struct {
	Follower
	out    bytes.Buffer
	file   string
	failed []error
	pauses []time.Duration
}

func follow(t *testing.T, h *hub, cursor string) *follower {
	t.Helper()
	f := &follower{file: filepath.Join(t.TempDir(), "cursor")}
	if err := os.WriteFile(f.file, []byte(cursor), 0o600); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(h.URL + "/changes?not_node=here%26there")
	if err != nil {
		t.Fatal(err)
	}
	f.Follower = Follower{
		Client: NewClient(nil), Feed: address, Account: "NODE", Password: "pass:wörd",
		Cursor: openCursorFile(t, f.file), Out: &f.out, Once: true,
		Failed: func(err error, _ time.Duration) { f.failed = append(f.failed, err) },
		sleep:  func(_ context.Context, pause time.Duration) { f.pauses = append(f.pauses, pause) },
	}
	t.Cleanup(f.Client.CloseIdleConnections)
	return f
}

func openCursorFile(t *testing.T, file string) *CursorFile {
	t.Helper()
	cursor, err := OpenCursorFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cursor.Close() })
	return cursor
}

func (f *follower) stored(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(f.file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
