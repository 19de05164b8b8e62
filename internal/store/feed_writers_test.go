// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jackc/pgx/v5"
)

// orderWriter notes what it writes, and tells when that is committed.
type orderWriter struct {
	order   *order
	conn    *pgx.Conn
	random  *rand.Rand
	pending []string
}

var orderTables = map[string]string{"person": "people", "page": "pols", "unit": "dus"}

func (w *orderWriter) do(ctx context.Context, sql string) error {
	_, err := w.conn.Exec(ctx, sql)
	return err
}

// wrote notes a change; deletions raise the version that the row had.
func (w *orderWriter) wrote(ctx context.Context, resource, id string, raise int64, sql string, args ...any) error {
	var version int64
	if err := w.conn.QueryRow(ctx, sql, args...).Scan(&version); err != nil {
		return err
	}
	w.pending = append(w.pending, fmt.Sprintf("%s/%s/%d", resource, id, version+raise))
	return nil
}

// insert adds a record if there is none. A page belongs to the person whose id hers begins with.
func (w *orderWriter) insert(ctx context.Context, resource, id string) error {
	columns, values := "id, data", "$1::text, '{}'"
	if resource == "page" {
		columns, values = "id, data, book", "$1::text, '{}', left($1, -2)"
	}
	table := orderTables[resource]
	tag, err := w.conn.Exec(ctx, fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s ON CONFLICT DO NOTHING`, table, columns, values), id)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return w.wrote(ctx, resource, id, 0, `SELECT version FROM `+table+` WHERE id = $1`, id)
}

func (w *orderWriter) update(ctx context.Context, resource, id string) error {
	return w.wrote(ctx, resource, id, 0, `UPDATE `+orderTables[resource]+` SET data = $2 WHERE id = $1 RETURNING version`,
		id, fmt.Sprintf(`{"n": %d}`, w.random.Int64()))
}

func (w *orderWriter) remove(ctx context.Context, resource, id string) error {
	return w.wrote(ctx, resource, id, 1, `DELETE FROM `+orderTables[resource]+` WHERE id = $1 RETURNING version`, id)
}

// end commits and tells so, or rolls back.
func (w *orderWriter) end(ctx context.Context, commit bool) error {
	if !commit {
		w.pending = nil
		return w.do(ctx, `ROLLBACK`)
	}
	if err := w.do(ctx, `COMMIT`); err != nil {
		return err
	}
	w.order.mu.Lock()
	defer w.order.mu.Unlock()
	for _, key := range w.pending {
		w.order.committed[key] = true
	}
	w.pending = nil
	return nil
}

// rival writes units that others write at the same time, the lower id first, so
// that no two wait for each other.
func (w *orderWriter) rival(n int) error {
	ctx := w.order.t.Context()
	for range 4 {
		if err := w.do(ctx, `BEGIN`); err != nil {
			return err
		}
		for id := range 3 {
			if err := w.touch(ctx, fmt.Sprintf("shared%d-%d", n/3, id)); err != nil {
				return err
			}
		}
		if err := w.end(ctx, w.random.IntN(4) > 0); err != nil {
			return err
		}
	}
	return nil
}

// touch does one thing or another to a unit that may be there.
func (w *orderWriter) touch(ctx context.Context, id string) (err error) {
	kept := len(w.pending)
	if err := w.do(ctx, `SAVEPOINT s`); err != nil {
		return err
	}
	back := false
	switch w.random.IntN(5) {
	case 0:
		err = w.remove(ctx, "unit", id)
	case 1:
		err, back = w.update(ctx, "unit", id), true
	case 2, 3:
		err = w.update(ctx, "unit", id)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = w.insert(ctx, "unit", id)
	}
	if back && err == nil {
		w.pending = w.pending[:kept]
		return w.do(ctx, `ROLLBACK TO s`)
	}
	return err
}

// erase publishes in a transaction that has written, as removing a person does,
// while younger transactions are open.
func (w *orderWriter) erase(n int) error {
	ctx := w.order.t.Context()
	for i := range 4 {
		id := fmt.Sprintf("erased%d-%d", n, i)
		if err := errors.Join(w.do(ctx, `BEGIN`), w.insert(ctx, "unit", id), publishOnce(ctx, w.conn),
			w.remove(ctx, "unit", id), publishOnce(ctx, w.conn), w.end(ctx, i%2 == 0)); err != nil {
			return err
		}
	}
	return nil
}

// orderReader goes through the feed by small pages.
type orderReader struct {
	conn     *pgx.Conn
	position int64
	seen     map[string]bool
	last     map[string]int64 // version of each record
}

// page reads on, and says how many changes there were.
func (r *orderReader) page(ctx context.Context) (n int, err error) {
	const q = `SELECT f.position, c.resource, c.id, c.version FROM thalamus_feed AS f JOIN thalamus_changes AS c USING (seq)
		WHERE f.position > $1 ORDER BY f.position LIMIT 7`
	rows, _ := r.conn.Query(ctx, q, r.position)
	var resource, id string
	var position, version int64
	_, err = pgx.ForEachRow(rows, []any{&position, &resource, &id, &version}, func() error {
		n++
		if position != r.position+1 {
			return fmt.Errorf("position %d comes after %d", position, r.position)
		}
		r.position = position
		return r.take(resource, id, version)
	})
	return n, err
}

func (r *orderReader) take(resource, id string, version int64) error {
	record := resource + "/" + id
	if version != r.last[record]+1 {
		return fmt.Errorf("version %d of %s comes after %d", version, record, r.last[record])
	}
	if resource == "page" && r.last["person/"+strings.TrimSuffix(id, "-p")] == 0 {
		return fmt.Errorf("%s comes before its person", record)
	}
	r.last[record] = version
	r.seen[fmt.Sprintf("%s/%d", record, version)] = true
	return nil
}
