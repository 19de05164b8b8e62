// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

const noDocument = "Document not found"

// DocumentKey names one document: the person, the page of life it hangs on, and
// its own id.
type DocumentKey struct{ Person, Page, ID string }

// DocumentEntry is a document as a listing shows it. Data is only valid until
// the next entry.
type DocumentEntry struct {
	Person   *string // nil in rows of others that name nobody
	Page     *string
	ID       string
	Data     fed.Record
	HasBytes bool
	Size     int64 // of the bytes
}

// EachDocument hands on the part that is asked for of the documents of a person, of one
// page if page is not "", by id.
func (v View) EachDocument(ctx context.Context, person, page string, s Keyset[string], flow Flow, take func(DocumentEntry) error) error {
	var e DocumentEntry
	documents := collection{
		listColumns: listColumns{shown: asText, beside: `, fedacct, pol, kept, kept_bytes`, into: []any{&e.Person, &e.Page, &e.HasBytes, &e.Size}},
		runPieces:   v.db.onAnyConnection, table: `personal_docs`, columns: `, fedacct, pol, document IS NOT NULL AS kept, COALESCE(octet_length(document), 0) AS kept_bytes`,
		where: func(args *parameters) string {
			owner, of := args.add(person), args.add(page)
			return `fedacct = ` + owner + ` AND (` + of + ` = '' OR pol = ` + of + `) AND ` + visible(documentRows, args.add(askerOf(v, person)))
		},
	}

	documents.take = func(id string, data fed.Record) error {
		e.ID, e.Data = id, data
		return take(e)
	}

	return v.db.read(ctx, flow, documents.idList(s))
}

// Document is what is told about a document before its bytes.
type Document struct {
	Data    fed.Record
	Version int64
	Size    int64
	SHA512  []byte // of the bytes, which PostgreSQL computed
	Start   []byte // at most 512 bytes
}

var selectDocument = `SELECT data::text, version, octet_length(document), digest, substring(document FOR 512) FROM personal_docs
		WHERE id = $3 AND pol = $2 AND fedacct = $1 AND document IS NOT NULL AND ` + visible(documentRows, `$4`)

// Document describes the bytes of a document; OpenDocument reads them.
func (v View) Document(ctx context.Context, key DocumentKey) (d Document, err error) {
	var data []byte
	err = v.db.pool.QueryRow(ctx, selectDocument, key.Person, key.Page, key.ID, askerOf(v, key.Person)).Scan(&data, &d.Version, &d.Size, &d.SHA512, &d.Start)
	d.Data = data
	return d, notFoundOr(err, noDocument)
}

var thisDocument = `id = @id AND pol = @page AND fedacct = @person AND ` + unlessWithheld(`@asker`, documentWithheld)

// mergeDocument takes the stored id of a document's person for what the body says of it,
// which may be spelled as its path is.
var mergeDocument = mergeSpec{
	of:    fed.Document,
	where: thisDocument,
	patch: `(@patch::jsonb || CASE WHEN @patch::jsonb ? 'fedacct' THEN jsonb_build_object('fedacct', fedacct) ELSE '{}' END)`,
	rules: `WHEN @patch::jsonb ? 'hash' AND lower(@patch::jsonb ->> 'hash')
			IS DISTINCT FROM lower(COALESCE(data ->> 'hash', encode(digest, 'hex'))) THEN '` + otherHash + `'`,
}.statements()

// ChangeDocument merges a patch into the data of a document.
func (db *DB) ChangeDocument(ctx context.Context, w fed.Write, key DocumentKey, patch fed.Record) (fed.Stored, error) {
	return db.merge(ctx, w, noDocument, mergeDocument, pgx.NamedArgs{
		"person": key.Person, "page": key.Page, "id": key.ID, "patch": []byte(patch), "asker": db.writer(w, key.Person),
	})
}

var removeDocument = deleteSpec{
	of: fed.Document, where: thisDocument, bytes: `+ COALESCE(octet_length(document), 0)`,
}.statements()

// DeleteDocument removes a document.
func (db *DB) DeleteDocument(ctx context.Context, w fed.Write, key DocumentKey) error {
	say := deleteErrors{missing: noDocument, inUse: "The document is in use."}
	return db.delete(ctx, w, say, removeDocument, pgx.NamedArgs{
		"person": key.Person, "page": key.Page, "id": key.ID, "asker": db.writer(w, key.Person),
	})
}
