// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Report writes the accesses that a Query finds, with the names of the accounts.
type Report struct {
	Out, Notes io.Writer                                                       // accesses, and what is said about them
	Table      bool                                                            // as CSV, not as lines for people
	LookUp     func(ctx context.Context, accounts []string, names Names) error // nil: no names are known

	names Names
	csv   *CSV
	count int
}

// Taking gives a Query's Take, which looks names up within ctx.
func (r *Report) Taking(ctx context.Context) func([]Access) error {
	r.names, r.csv = Names{}, NewCSV(r.Out)
	return func(all []Access) error {
		r.learn(ctx, all)
		return r.write(all)
	}
}

// write writes some accesses. The lines for people have a heading.
func (r *Report) write(all []Access) error {
	first := r.count == 0 && len(all) > 0
	r.count += len(all)
	if r.Table {
		return r.csv.Write(all, r.names)
	}

	if first {
		if err := WriteTextHeader(r.Out); err != nil {
			return err
		}
	}
	return WriteText(r.Out, all, r.names)
}

// learn looks up the names that are new. After a failure the rest has none.
func (r *Report) learn(ctx context.Context, all []Access) {
	if r.LookUp == nil {
		return
	}

	var unknown []string
	for i := range all {
		id := all[i].Account
		if _, known := r.names[id]; !known {
			r.names[id] = ""
			unknown = append(unknown, id)
		}
	}

	if err := r.LookUp(ctx, unknown, r.names); err != nil {
		fmt.Fprintln(r.Notes, "names are left out from here on:", err)
		r.LookUp = nil
	}
}

// Conclude says how much there was, and what could not be told.
func (r *Report) Conclude(q *Query) {
	if q.Began.IsZero() {
		fmt.Fprintln(r.Notes, "The record is empty.")
	} else {
		fmt.Fprintf(r.Notes, "%d lines about %s; the record begins at %s UTC.\n", r.count, q.Persons[0], q.Began.UTC().Format(time.DateTime))
	}

	if q.Unnamed > 0 {
		fmt.Fprintf(r.Notes, "%d lists of persons do not say of whom they told: an older version wrote them.\n", q.Unnamed)
	}

	if q.Skipped > 0 {
		fmt.Fprintf(r.Notes, "%d lines were skipped: they are broken, or not of the access record.\n", q.Skipped)
	}
}
