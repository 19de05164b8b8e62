// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
)

// copyPersons is what PostgreSQL itself can do about GET /people.
const copyPersons = `COPY (SELECT (data - 'password')::text FROM people WHERE jsonb_typeof(data) = 'object') TO STDOUT`

// measurePeople compares the list of everybody with COPY, read by pgx.
func measurePeople(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title: "List of 100,000 persons", Of: "how",
		Columns: []column{
			{"s", 2, "less"}, {"MB", 0, ""}, {"MB/s", 0, "more"}, {"first byte ms", 1, "less"}, {"peak MiB", 0, "less"},
		},
	}
	c, err := b.visit(ctx)
	if err != nil {
		return t, err
	}
	defer c.close()
	ours, copied, err := c.listBesideCopy(b.db, b.rounds)
	if err != nil {
		return t, err
	}
	_, peak, err := c.server.memory()
	t.add("GET /people", append(ours.values(), number(peak))...)
	t.add("COPY", append(copied.values(), absent)...)
	t.add("ratio", number(median(ours.seconds)/median(copied.seconds)), absent, absent, absent, absent)
	return t, err
}

// listBesideCopy reads everybody from the server and by COPY, in turns.
func (g *guest) listBesideCopy(db *pgx.Conn, rounds int) (ours, copied streams, err error) {
	for range rounds {
		if err := ours.time(func(w io.Writer) error { return g.list(g.who.get("/people"), w) }); err != nil {
			return ours, copied, fmt.Errorf("GET /people: %w", err)
		}
		err := copied.time(func(w io.Writer) error {
			_, err := db.PgConn().CopyTo(g.ctx, w, copyPersons)
			return err
		})
		if err != nil {
			return ours, copied, fmt.Errorf("COPY: %w", err)
		}
	}
	return ours, copied, nil
}

// list writes the body of a reply to w.
func (c *client) list(q request, w io.Writer) error {
	status, body, err := c.open(q)
	if err != nil {
		return err
	}
	defer body.Close()
	if status != http.StatusOK {
		return statusError(status)
	}
	_, err = io.Copy(w, body)
	return err
}

// streams is what several readings of the same took.
type streams struct{ seconds, firstMS, megabytes []float64 }

func (s *streams) time(read func(io.Writer) error) error {
	m := meter{begun: time.Now()}
	if err := read(&m); err != nil {
		return err
	}
	s.seconds = append(s.seconds, time.Since(m.begun).Seconds())
	s.firstMS = append(s.firstMS, millis(m.first))
	s.megabytes = append(s.megabytes, float64(m.bytes)/1e6)
	return nil
}

// values are the columns.
func (s *streams) values() []number {
	seconds, megabytes := median(s.seconds), median(s.megabytes)
	return []number{number(seconds), number(megabytes), number(megabytes / seconds), number(median(s.firstMS))}
}

// meter counts what is written, and notes when the first of it came.
type meter struct {
	begun time.Time
	first time.Duration
	bytes int
}

// Write is io.Writer's.
func (m *meter) Write(p []byte) (int, error) {
	if m.bytes == 0 {
		m.first = time.Since(m.begun)
	}
	m.bytes += len(p)
	return len(p), nil
}
