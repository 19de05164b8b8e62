// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

const longestEvent = 16 << 20 // bytes

// stream reads server-sent events until the stream breaks, or ctx ends.
func (f *follower) stream(ctx context.Context) {
	q := get(f.path(), "Accept", "text/event-stream")
	if f.cursor != "" {
		q.header = append(q.header, "Last-Event-ID", f.cursor)
	}

	answer, err := f.open(ctx, q)
	if err != nil || answer.StatusCode != http.StatusOK {
		f.client.next++
		pause(ctx, comeAgain)
	}
	if err != nil {
		return
	}
	defer answer.Body.Close()

	switch answer.StatusCode {
	case http.StatusOK:
		f.events(answer.Body)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
	default:
		f.soak.faults.add("%s: %s got %d", f.client.account, q.path, answer.StatusCode)
	}
}

// open asks for a stream, which lasts longer than other replies may.
func (f *follower) open(ctx context.Context, q request) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, q.method, f.client.hubs[f.client.next%2]+q.path, http.NoBody)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(q.header); i += 2 {
		r.Header.Set(q.header[i], q.header[i+1])
	}
	r.SetBasicAuth(f.client.account, f.client.password)

	f.client.traffic.sent.Add(1)
	return f.client.Transport.RoundTrip(r)
}

// events takes whole events. The cursor moves with each of them.
func (f *follower) events(stream io.Reader) {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, longestEvent)
	data := ""
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "data":
			data = value
		case lines.Text() == "" && data != "":
			f.event(data)
			data = ""
		}
	}
}

func (f *follower) event(data string) {
	var c feedChange
	err := json.Unmarshal([]byte(data), &c)
	if err != nil {
		f.soak.faults.add("an event of the feed is not JSON: %v: %.200s", err, data)
		return
	}
	f.take(c)
	f.cursor = c.Cursor
}
