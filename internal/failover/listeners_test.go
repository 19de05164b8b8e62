// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
)

// change is one that a listener has heard of.
type change struct {
	Resource, ID string
	Version      int
}

// heard is what a listener has heard of, in order.
type heard struct {
	mu   sync.Mutex
	list []change
}

// add takes a change as the hub writes it.
func (h *heard) add(line string) {
	var c change
	if json.Unmarshal([]byte(line), &c) != nil {
		return // the end of a file that is being written
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, c)
}

// lacks says what a listener has not heard, or not in order, of the records with a prefix. A
// change may come again.
func (h *heard) lacks(records map[string]stored, prefix string) (faults []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	last := map[string]int{}
	for _, c := range h.list {
		if !strings.HasPrefix(c.ID, prefix) {
			continue
		}
		of := key(c.Resource, c.ID)
		if c.Version > last[of]+1 {
			faults = append(faults, fmt.Sprintf("%s: version %d comes behind %d", of, c.Version, last[of]))
		}
		last[of] = max(last[of], c.Version)
	}

	for of, r := range records {
		if last[of] != r.Changes {
			faults = append(faults, fmt.Sprintf("%s: %d of %d changes are heard of", of, last[of], r.Changes))
		}
	}
	for of := range last {
		if _, known := records[of]; !known {
			faults = append(faults, of+": it is heard of, and not there")
		}
	}
	return faults
}

// cursor is where the feed ends now.
func (l *load) cursor() string {
	l.t.Helper()
	reply, err := l.listen(context.Background(), l.hubs[0], "/changes?since=now", "application/json", "")
	if err != nil {
		l.t.Fatal(err)
	}
	defer reply.Body.Close()

	var page struct{ Next string }
	if err := json.NewDecoder(reply.Body).Decode(&page); err != nil || page.Next == "" {
		l.t.Fatalf("no cursor: %v", err)
	}
	return page.Next
}

// listen asks a hub for changes. The caller closes the body.
func (l *load) listen(ctx context.Context, at *hub, path, accept, last string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, "GET", at.url()+path, nil)
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(nodeAccount, password)
	r.Header.Set("Accept", accept)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	return http.DefaultClient.Do(r)
}

// stream reads the stream of changes, and goes on behind the last one where it is cut: at the
// other hub.
func (l *load) stream(ctx context.Context, cursor string) {
	for n := 1; ctx.Err() == nil; n++ {
		reply, err := l.listen(ctx, l.hubs[n%len(l.hubs)], "/changes", "text/event-stream", cursor)
		if err == nil {
			l.judgeStream(reply.StatusCode)
			cursor = l.events(reply.Body, cursor)
			_ = reply.Body.Close()
		}
		pause(beforeNext)
	}
}

func (l *load) judgeStream(status int) {
	if status != http.StatusOK && status != http.StatusServiceUnavailable {
		l.ledger.fault("the stream: %d", status)
	}
}

// events reads one stream to its end, and gives the last cursor.
func (l *load) events(body io.Reader, cursor string) string {
	for lines := bufio.NewScanner(body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			cursor = value
		case "data":
			l.streamed.add(value)
		}
	}
	return cursor
}

// followed is what thalamus follow has printed by now.
func (l *load) followed() *heard {
	l.t.Helper()
	printed, err := os.ReadFile(l.file("follow"))
	if err != nil {
		l.t.Fatal(err)
	}

	var h heard
	for line := range strings.Lines(string(printed)) {
		h.add(line)
	}
	return &h
}
