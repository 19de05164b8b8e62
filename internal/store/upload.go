// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
)

// Upload is a document to be stored.
type Upload struct {
	Key     DocumentKey
	Named   bool       // the client chose Key.ID; otherwise it was made for this upload
	Data    fed.Record // what the client said about it
	Filled  fed.Record // keys that are set in Data
	Content io.Reader  // Size bytes with the hash SHA512
	Size    int64
	SHA512  []byte
}

// CreateDocument stores a document on a page of this person's book and gives
// its id and data. created is false when the page had the same bytes already:
// under the same id, or under any if the client named none. The bytes go to the
// database in pieces, so that no document is ever whole in memory here.
func (db *DB) CreateDocument(ctx context.Context, u Upload) (id string, stored fed.Record, created bool, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		data, err := lockPage(ctx, tx, u)
		if err != nil {
			return err
		}
		if id, stored, err = twin(ctx, tx, u); err != nil || id != "" {
			return err
		}
		id, stored, created = u.Key.ID, data, true
		return copyIn(ctx, tx, u, data)
	})
	return id, stored, created && err == nil, explain(err)
}

// lockPage keeps other uploads to the page out until the transaction ends, and
// gives the data that is to be stored.
func lockPage(ctx context.Context, tx pgx.Tx, u Upload) (data fed.Record, err error) {
	const q = `SELECT ($3::jsonb || $4::jsonb)::text FROM pols WHERE id = $2 AND book = $1 FOR NO KEY UPDATE`
	var text []byte
	err = tx.QueryRow(ctx, q, u.Key.Person, u.Key.Page, []byte(u.Data), []byte(u.Filled)).Scan(&text)
	return text, missing(err, noPage)
}

// twin finds the document that is uploaded again; id is "" when there is none.
// A row that is served to nobody, because its data is no object, is never it.
func twin(ctx context.Context, tx pgx.Tx, u Upload) (id string, data fed.Record, err error) {
	const same = `fedacct = $1 AND pol = $2 AND jsonb_typeof(data) = 'object' AND octet_length(document) = $5 AND sha512(document) = $6`
	const q = `SELECT id, data::text, COALESCE(` + same + `, false) FROM personal_docs
		WHERE $4 AND id = $3 OR NOT $4 AND ` + same + ` LIMIT 1` // not CASE: that would use no index
	var isSame bool
	var text []byte
	err = tx.QueryRow(ctx, q, u.Key.Person, u.Key.Page, u.Key.ID, u.Named, u.Size, u.SHA512).Scan(&id, &text, &isSame)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil, nil
	case err == nil && !isSame:
		return "", nil, fed.Errorf(fed.Conflict, "Another document has this id.")
	}
	return id, text, err
}

// copyIn sends the row as PostgreSQL's binary COPY format, the only one that
// takes a value from a stream.
func copyIn(ctx context.Context, tx pgx.Tx, u Upload, data fed.Record) error {
	const q = `COPY personal_docs (id, fedacct, pol, data, document) FROM STDIN (FORMAT binary)`
	head := []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05")
	for _, value := range []string{u.Key.ID, u.Key.Person, u.Key.Page, "\x01" + string(data)} { // 1: version of binary jsonb
		head = binary.BigEndian.AppendUint32(head, uint32(len(value))) //nolint:gosec // far below 2 GiB
		head = append(head, value...)
	}
	head = binary.BigEndian.AppendUint32(head, uint32(u.Size)) //nolint:gosec // max_document is below 1 GiB
	tail := []byte{0xff, 0xff}
	row := io.MultiReader(bytes.NewReader(head), io.LimitReader(u.Content, u.Size), bytes.NewReader(tail))
	_, err := tx.Conn().PgConn().CopyFrom(ctx, row, q)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return &fed.Error{Kind: fed.Conflict, Msg: "Another document has this id.", Err: err}
	}
	return err
}
