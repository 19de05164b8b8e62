// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"thalamus/internal/program"
)

// measureFeed reads all changes from the beginning, as a new node would, and then
// waits for one.
func measureFeed(ctx context.Context, b *bench) error {
	db, err := b.filled(ctx, "feed")
	if err != nil {
		return err
	}
	s, err := b.serve(ctx, b.thalamus, db.url)
	if err != nil {
		return err
	}
	_, err = settle(ctx, db)
	if err != nil {
		return err
	}

	for _, limit := range []int{1000, 100} {
		for range b.count {
			err := b.readFeed(ctx, s, limit)
			if err != nil {
				return err
			}
		}
	}
	return b.measureStreams(ctx, db)
}

var nextCursor = regexp.MustCompile(`"next": ?"([A-Za-z0-9_-]+)"\s*\}\s*$`)

// readFeed reads pages until one is empty.
func (b *bench) readFeed(ctx context.Context, s *server, limit int) error {
	read, changes, since := 0, 0, ""
	begun := time.Now()
	for {
		var page bytes.Buffer
		_, err := s.read(ctx, get(fmt.Sprintf("/changes?limit=%d%s", limit, since)), &page)
		if err != nil {
			return err
		}
		next := nextCursor.FindSubmatch(page.Bytes())
		if next == nil {
			return errors.New("GET /changes: there is no next cursor")
		}

		more := bytes.Count(page.Bytes(), []byte(`"operation"`)) // no record of the bench has such a key
		if more == 0 {
			break
		}
		since = "&since=" + string(next[1])
		changes += more
		read += page.Len()
	}

	elapsed := time.Since(begun)
	b.line(fmt.Sprintf("Feed/limit=%d", limit), changes, perOp(elapsed, changes),
		metric{float64(changes) / elapsed.Seconds(), "changes/s"}, metric{float64(read) / 1e6 / elapsed.Seconds(), "MB/s"})
	return nil
}

const (
	waitingStreams = 1000
	commits        = 10 // in each round
)

// measureStreams opens many streams that wait, and measures their memory and the time
// until a commit through another server reaches one more.
func (b *bench) measureStreams(ctx context.Context, db database) error {
	for range b.count {
		reader, err := b.serve(ctx, b.thalamus, db.url)
		if err != nil {
			return err
		}
		writer, err := b.serve(ctx, b.thalamus, db.url)
		if err != nil {
			return err
		}

		_, err = reader.time(ctx, get("/login"))
		if err != nil {
			return err
		}
		rest, _ := program.Memory(reader.Process)

		took, err := reader.hear(ctx, writer)
		if err != nil {
			return err
		}
		with, _ := program.Memory(reader.Process)

		b.line(fmt.Sprintf("Streams/waiting=%d", waitingStreams), len(took), append(times(took), metric{rest, "rest-MB"}, metric{with, "with-MB"})...)
		err = b.stopServers()
		if err != nil {
			return err
		}
	}
	return nil
}

// hear gives the times from the replies to some POSTs until each is read from a
// stream, while many streams of somebody else wait.
func (s *server) hear(ctx context.Context, writer *server) (took []time.Duration, err error) {
	ctx, leave := context.WithCancel(ctx) // a stream has no end of its own
	defer leave()
	for range waitingStreams {
		_, err := s.stream(ctx, "&person="+node)
		if err != nil {
			return nil, err
		}
	}
	events, err := s.stream(ctx, "")
	if err != nil {
		return nil, err
	}

	for n := range commits {
		_, err := writer.time(ctx, postPage(n))
		if err != nil {
			return nil, err
		}
		replied := time.Now()
		err = readEvent(events)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(replied))
	}
	return took, nil
}

// stream opens a stream of the changes from now on, which ends with the context.
func (s *server) stream(ctx context.Context, filter string) (io.Reader, error) {
	reply, err := s.open(ctx, get("/changes?since=now"+filter), "Accept", "text/event-stream")
	if err != nil {
		return nil, err
	}

	context.AfterFunc(ctx, func() { _ = reply.Body.Close() })
	return reply.Body, nil
}

// readEvent reads until an event with data is there.
func readEvent(stream io.Reader) error {
	var text []byte
	buffer := make([]byte, 64<<10)
	for !bytes.Contains(text, []byte("data:")) || !bytes.Contains(text, []byte("\n\n")) {
		n, err := stream.Read(buffer)
		if err != nil {
			return fmt.Errorf("read the stream: %w", err)
		}
		text = append(text, buffer[:n]...)
	}
	return nil
}
