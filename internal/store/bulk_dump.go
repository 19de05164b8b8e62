// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// DumpRow is a record as it is stored. It is valid until the next one.
type DumpRow struct {
	Resource fed.Resource
	ID       string     // as stored, however odd; a link has none
	Person   *string    // of a page, document or link; nil in odd rows of others
	Page     *string    // of a document
	Data     fed.Record // nil when it is no JSON object
	Bytes    io.Reader  // of a document; nil when it has none
}

// Importable reports whether a row has an object, and the owners that it needs.
func (r DumpRow) Importable() bool {
	info := r.Resource.Info()
	return r.Data != nil && (r.Person != nil || !info.Belongs()) && (r.Page != nil || info.Page == "")
}

// dumpChunk is how many bytes of a document are in memory at once. A multiple of
// chunk: PostgreSQL unpacks a packed document from its start for every piece.
const dumpChunk = 8 * chunk

// dumpStatement finds all records of a resource, in the columns that dumpOne reads.
func dumpStatement(i fed.ResourceInfo, secrets bool) string {
	bytes, data := orNull(i.Bytes, `NULL::bytea`), `data`
	if !secrets {
		data = shown(i)
	}

	return inOrder(i.Table, fmt.Sprintf(`%s, octet_length(%s), substring(%[2]s FOR %[3]d)`, dumpColumns(i, data), bytes, dumpChunk))
}

// dumpColumns are those of every dump: the id, the person, the page and the data.
func dumpColumns(i fed.ResourceInfo, data string) string {
	person := `NULL`
	if i.Belongs() {
		person = i.Owner
	}
	return fmt.Sprintf(`id, %s, %s, CASE WHEN jsonb_typeof(data) = 'object' THEN (%s)::text END`, person, orNull(i.Page, `NULL`), data)
}

// inOrder finds all records of a table by id in the order of bytes, so that equal federations give equal dumps
// wherever they are. Only ids are sorted: documents are too large for that.
func inOrder(table, columns string) string {
	return fmt.Sprintf(`SELECT one.* FROM (SELECT id FROM %[1]s ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT %[2]s FROM %[1]s WHERE id = sorted.id LIMIT 1
		) AS one`, table, columns)
}

// noTimeouts is for transactions that take as long as there are records, or as whoever
// they are handed to takes, whatever a site allows others.
const noTimeouts = `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`

var snapshot = pgx.TxOptions{BeginQuery: `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; ` + noTimeouts}

// Dump hands on every record of the federation, all as they were at one moment. An
// error of take stays as it is, unless it is that the database was lost while a document was read.
func (v View) Dump(ctx context.Context, passwords bool, take func(DumpRow) error) error {
	return handOn(take, func(take func(DumpRow) error) error { return v.db.dump(ctx, passwords, take) })
}

// handOn runs a dump. It keeps an error of take as it is, unless the database was lost.
func handOn[R any](take func(R) error, dump func(take func(R) error) error) error {
	var taking error
	err := dump(func(row R) error {
		taking = take(row)
		return taking
	})
	if taking != nil && !errors.Is(err, pg.ErrLost) {
		return taking
	}

	return classify(err)
}

func (db *DB) dump(ctx context.Context, passwords bool, take func(DumpRow) error) error {
	return db.pool.Read(ctx, snapshot, func(tx pgx.Tx) error {
		name := ""
		if err := tx.QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&name); err != nil {
			return err
		}

		// Documents have more pieces than the row that tells of them.
		return db.pool.Read(ctx, snapshot, func(pieces pgx.Tx) error {
			if _, err := pieces.Exec(ctx, `SET TRANSACTION SNAPSHOT '`+name+`'`); err != nil {
				return err
			}
			return pg.Final(dumpAll(ctx, tx, pieces, passwords, take))
		})
	})
}

func dumpAll(ctx context.Context, tx, pieces pgx.Tx, passwords bool, take func(DumpRow) error) error {
	for _, info := range fed.ResourcesInOrder() {
		if err := dumpOne(ctx, tx, pieces, info.Resource, dumpStatement(info, passwords), take); err != nil {
			return err
		}
	}
	return dumpOne(ctx, tx, pieces, fed.Link, dumpLinks, take)
}

func dumpOne(ctx context.Context, tx, pieces pgx.Tx, resource fed.Resource, query string, take func(DumpRow) error) error {
	row := DumpRow{Resource: resource}
	var data, start pgtype.DriverBytes
	var size *int64
	rows, _ := tx.Query(ctx, query)
	_, err := pgx.ForEachRow(rows, []any{&row.ID, &row.Person, &row.Page, &data, &size, &start}, func() error {
		row.Data, row.Bytes = fed.Record(data), nil
		if size != nil {
			row.Bytes = &dumpReader{ctx: ctx, tx: pieces, id: row.ID, size: *size, offset: int64(len(start)), buffer: start}
		}
		return take(row)
	})

	return err
}

// dumpReader reads a document piece by piece.
type dumpReader struct {
	ctx    context.Context //nolint:containedctx // io.Reader has no room for it
	tx     pgx.Tx
	id     string
	size   int64
	offset int64 // behind piece
	buffer []byte
}

// Read is io.Reader's.
func (r *dumpReader) Read(p []byte) (int, error) {
	if len(r.buffer) == 0 {
		if r.offset >= r.size {
			return 0, io.EOF
		}

		const q = `SELECT substring(document FROM $2 FOR $3) FROM personal_docs WHERE id = $1`
		if err := r.tx.QueryRow(r.ctx, q, r.id, r.offset+1, dumpChunk).Scan(&r.buffer); err != nil {
			return 0, classify(err)
		}
		if len(r.buffer) == 0 {
			return 0, errors.New("a document ended before its end")
		}

		r.offset += int64(len(r.buffer))
	}

	n := copy(p, r.buffer)
	r.buffer = r.buffer[n:]
	return n, nil
}
