// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"thalamus/internal/program"
)

// copyPersons is the fastest that PostgreSQL itself can be at GET /people.
const copyPersons = `COPY (SELECT (data - 'password')::text FROM people WHERE jsonb_typeof(data) = 'object') TO STDOUT`

// list reads everybody, from the server and by COPY, in turns.
func (x *index) list(ctx context.Context) error {
	s, err := x.serve(ctx)
	if err != nil {
		return err
	}

	for range x.count {
		ours, err := timeReading(func(w io.Writer) error {
			_, err := s.read(ctx, get("/people"), w)
			return err
		})
		if err != nil {
			return err
		}
		copied, err := timeReading(func(w io.Writer) error {
			_, err := x.db.PgConn().CopyTo(ctx, w, copyPersons)
			return err
		})
		if err != nil {
			return fmt.Errorf("COPY: %w", err)
		}

		_, peak := program.Memory(s.Process)
		ratio := 100 * float64(copied.whole) / float64(ours.whole)
		x.line("Index/List/server=thalamus", x.persons, append(ours.metrics(x.persons), metric{ratio, "%-of-COPY"}, metric{peak, "peak-MB"})...)
		x.line("Index/List/server=COPY", x.persons, copied.metrics(x.persons)...)
	}
	return nil
}

// reading counts the bytes that are written to it, and notes when the first came.
type reading struct {
	begun        time.Time
	first, whole time.Duration
	bytes        int
}

func timeReading(read func(io.Writer) error) (*reading, error) {
	r := &reading{begun: time.Now()}
	err := read(r)
	r.whole = time.Since(r.begun)
	return r, err
}

// Write is io.Writer's.
func (r *reading) Write(p []byte) (int, error) {
	if r.bytes == 0 {
		r.first = time.Since(r.begun)
	}

	r.bytes += len(p)
	return len(p), nil
}

func (r *reading) metrics(records int) []metric {
	return []metric{perOp(r.whole, records), {float64(r.bytes) / 1e6 / r.whole.Seconds(), "MB/s"}, {float64(r.first), "first-byte-ns"}}
}
