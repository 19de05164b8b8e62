// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"time"

	"thalamus/internal/fed"
)

var selectPageRevision = `SELECT data::text, version, ` + changedAt(fed.Page, "pols") + ` FROM pols WHERE id = $2 AND book = $1 AND ` + visible(pageRows, `$3`)

// PageRevision gives one page of this book.
func (v View) PageRevision(ctx context.Context, book, id string) (Revision, error) {
	return v.db.queryRevision(ctx, id, noPage, selectPageRevision, book, id, askerOf(v, book))
}

// queryRevision is queryRecord with the time of the change.
func (db *DB) queryRevision(ctx context.Context, id, notFound, query string, args ...any) (found Revision, err error) {
	var text []byte
	var changed *time.Time
	err = db.pool.QueryRow(ctx, query, args...).Scan(&text, &found.Version, &changed)
	found.ID, found.Record, found.Changed = id, text, timeOf(changed)
	return found, notFoundOr(err, notFound)
}

// RegistryFilter is a condition on units or institutions. The zero value is all.
type RegistryFilter struct {
	IDs   []string // nil: any
	Names []NamePrefix
}

// GetRevision gives one record, to every reader.
func (r Registry) GetRevision(ctx context.Context, reader fed.Reader, id string) (Revision, error) {
	q := fmt.Sprintf(`SELECT data::text, version, %s FROM %s WHERE id = $1 AND %s`, changedAt(r.info.Resource, r.info.Table), r.info.Table, isObject)
	return r.db.server(reader).queryRevision(ctx, id, notFound(r.info), q, id)
}

// EachRevision hands on a part with an end of the records that a filter lets through, by id.
func (r Registry) EachRevision(ctx context.Context, reader fed.Reader, f RegistryFilter, s Keyset[string], flow Flow, take func(Revision) error) error {
	var one Revision
	var changed *time.Time
	db := r.db.server(reader)
	records := collection{
		listColumns: listColumns{shown: asText, beside: `, version, ` + listedChange(r.info.Resource), into: []any{&one.Version, &changed}},
		runPieces:   db.onAnyConnection, table: r.info.Table, columns: `, version`,
		where: func(args *parameters) string { return isObject + idsSQL(f.IDs, args) + namesSQL(f.Names, args) },
	}
	records.take = func(id string, text fed.Record) error {
		one.ID, one.Record, one.Changed = id, text, timeOf(changed)
		return take(one)
	}
	return db.read(ctx, flow, records.idList(s))
}

// DocumentRevision is a document without its bytes.
type DocumentRevision struct {
	Revision
	Page string
	Size int64 // of the bytes; negative: there are none
}

const documentSize = `COALESCE(octet_length(document), -1)`

var selectDocumentRevision = `SELECT data::text, version, ` + changedAt(fed.Document, "personal_docs") + `, COALESCE(pol, ''), ` + documentSize + `
	FROM personal_docs WHERE id = $2 AND fedacct = $1 AND ` + visible(documentRows, `$3`)

// DocumentRevision gives one document of a person, whatever page it hangs on.
func (v View) DocumentRevision(ctx context.Context, person, id string) (d DocumentRevision, err error) {
	var text []byte
	var changed *time.Time
	err = v.db.pool.QueryRow(ctx, selectDocumentRevision, person, id, askerOf(v, person)).Scan(&text, &d.Version, &changed, &d.Page, &d.Size)
	d.ID, d.Record, d.Changed = id, text, timeOf(changed)
	return d, notFoundOr(err, noDocument)
}
