// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

// measureFeed reads all changes from the beginning, as a new node would.
func measureFeed(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Change feed from the beginning", Of: "pages of",
		Columns: []column{{"changes", 0, ""}, {"s", 2, "less"}, {"changes /s", 0, "more"}, {"MB/s", 0, "more"}},
	}
	c, err := b.visit(ctx)
	if err != nil {
		return t, err
	}
	defer c.close()
	for _, limit := range []int{1000, 100} {
		var seconds []float64
		var whole feedReader
		for range b.rounds {
			begun := time.Now()
			if whole, err = c.readFeed(c.who, limit); err != nil {
				return t, err
			}
			seconds = append(seconds, time.Since(begun).Seconds())
		}
		s := median(seconds)
		t.add(fmt.Sprint(limit), number(whole.changes), number(s), number(float64(whole.changes)/s), number(float64(whole.bytes)/1e6/s))
	}
	return t, nil
}

// feedReader counts what comes.
type feedReader struct{ changes, bytes int }

var nextCursor = regexp.MustCompile(`"next": ?"([A-Za-z0-9_-]+)"\s*\}\s*$`)

// readFeed reads pages until one is empty.
func (c *client) readFeed(who login, limit int) (read feedReader, err error) {
	cursor := ""
	for {
		path := fmt.Sprintf("/changes?limit=%d", limit)
		if cursor != "" {
			path += "&since=" + cursor
		}
		var page bytes.Buffer
		if err := c.list(who.get(path), &page); err != nil {
			return read, fmt.Errorf("GET /changes: %w", err)
		}
		next := nextCursor.FindSubmatch(page.Bytes())
		if next == nil {
			return read, errors.New("GET /changes: there is no next cursor")
		}
		changes := bytes.Count(page.Bytes(), []byte(`"operation"`)) // no record of the bench has such a key
		if changes == 0 {
			return read, nil
		}
		cursor = string(next[1])
		read.changes += changes
		read.bytes += page.Len()
	}
}

const idleStreams = 1000

// measureStreams opens many streams that wait, and looks what they cost and how
// soon a commit reaches one that is of another server.
func measureStreams(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "Streams of changes that wait", Of: "streams",
		Columns: []column{{"at rest MiB", 1, ""}, {"with them MiB", 1, "less"}, {"tries", 0, ""}, {"commit to reader median ms", 1, "less"}, {"slowest ms", 1, "less"}},
	}
	reader, err := b.visit(ctx)
	if err != nil {
		return t, err
	}
	defer reader.close()
	writer, err := b.visit(ctx)
	if err != nil {
		return t, err
	}
	defer writer.close()
	rest, _, err := reader.server.memory()
	if err != nil {
		return t, err
	}
	stop, err := openStreams(ctx, reader.server.address, reader.who)
	defer stop()
	if err != nil {
		return t, err
	}
	with, _, err := reader.server.memory()
	if err != nil {
		return t, err
	}
	took, err := reader.heardAfter(reader.who, writer.client, b.tries)
	t.add(fmt.Sprint(idleStreams), number(rest), number(with), number(len(took)), number(median(took)), number(quantile(took, 1)))
	return t, err
}

// openStreams leaves streams open until stop is called.
func openStreams(ctx context.Context, address string, who login) (stop func(), err error) {
	var all []func()
	stop = func() {
		for _, end := range all {
			end()
		}
	}
	for range idleStreams {
		c := dial(ctx, address)
		body, err := c.stream(who, "/changes?since=now&person="+person(firstAtCrowd))
		if err != nil {
			c.close()
			return stop, err
		}
		all = append(all, func() {
			_ = body.Close() // a stream has no end of its own
			c.close()
		})
	}
	return stop, nil
}

func (c *client) stream(who login, path string) (io.ReadCloser, error) {
	q := who.get(path)
	q.header = q.header.Clone()
	q.header.Set("Accept", "text/event-stream")
	status, body, err := c.open(q)
	if err == nil && status != http.StatusOK {
		err = errors.Join(statusError(status), body.Close())
	}
	return body, err
}

// heardAfter gives the ms from the reply to a POST until it is read from a stream.
func (c *client) heardAfter(who login, writer *client, tries int) (took []float64, err error) {
	body, err := c.stream(who, "/changes?since=now")
	if err != nil {
		return nil, err
	}
	defer body.Close()
	next := who.newPages(person(firstAtBooks))(0)
	buffer := make([]byte, 64<<10)
	for range tries {
		if err := writer.demand(next()); err != nil {
			return took, err
		}
		replied := time.Now()
		for event := []byte(nil); !bytes.Contains(event, []byte("\n\n")) || !bytes.Contains(event, []byte("data:")); {
			n, err := body.Read(buffer)
			if err != nil {
				return took, fmt.Errorf("read the stream: %w", err)
			}
			event = append(event, buffer[:n]...)
		}
		took = append(took, millis(time.Since(replied)))
	}
	return took, nil
}
