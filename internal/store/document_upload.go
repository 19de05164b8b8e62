// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

const otherDocument = "Another document has this id."

// Upload is a document to be stored.
type Upload struct {
	Key     DocumentKey
	Named   bool          // the client chose Key.ID; otherwise it was made for this upload
	Data    fed.Record    // as the client described it
	Filled  fed.Record    // keys that are set in Data
	Content io.ReadSeeker // Size bytes with the hash SHA512
	Size    int64
	SHA512  []byte

	asker asker
}

// CreateDocument stores a document on a page of this person's book and gives
// its id and data. created is false when the page had the same bytes already:
// under the same id, or under any if the client named none. The bytes go to the
// database in pieces, so that no document is ever whole in memory here.
func (db *DB) CreateDocument(ctx context.Context, w fed.Write, u Upload) (id string, stored fed.Stored, created bool, err error) {
	if err := db.writes.enter(ctx); err != nil {
		return "", stored, false, err
	}
	defer db.writes.leave()

	u.asker = db.writer(w, u.Key.Person)
	err = db.pool.Write(ctx, func(conn *pgx.Conn, again bool) error {
		once := func(tx pgx.Tx) (err error) {
			id, stored, created, err = uploadOnce(ctx, tx, w, u, again)
			return err
		}

		err := pg.Transaction(ctx, conn, once)
		if isOvertaken(err) { // a document on another page has this id now, or its history goes on from there
			err = pg.Transaction(ctx, conn, once)
		}
		return err
	})
	switch {
	case isOvertaken(err):
		return id, stored, false, &fed.Error{Kind: fed.Conflict, Msg: otherDocument, Err: err}
	case err != nil:
		return id, stored, false, classify(err)
	}

	if created {
		w.Grow(u.Size + int64(len(stored.Record)))
	}

	return id, stored, created, nil
}

// uploadOnce is upload, unless an earlier run of this request has created the document.
func uploadOnce(ctx context.Context, tx pgx.Tx, w fed.Write, u Upload, again bool) (id string, stored fed.Stored, created bool, err error) {
	id, stored, created, err = upload(ctx, tx, w, u)
	if err != nil || created || !again {
		return id, stored, created, err
	}

	created, err = isOwn(ctx, tx, w, id, stored.Version)
	return id, stored, created, err
}

func upload(ctx context.Context, tx pgx.Tx, w fed.Write, u Upload) (id string, stored fed.Stored, created bool, err error) {
	data, err := lockPage(ctx, tx, w, u)
	if err != nil {
		return "", stored, false, err
	}

	id, stored, err = findSameDocument(ctx, tx, w, u)
	if err != nil || id != "" {
		return id, stored, false, err
	}
	if err := copyIn(ctx, tx, u, data); err != nil {
		return "", stored, false, err
	}

	id, stored = u.Key.ID, fed.Stored{Record: data, Version: 1}
	if !w.Recreate || !u.Named {
		return id, stored, true, nil
	}

	err = tx.QueryRow(ctx, `SELECT version FROM personal_docs WHERE id = $1`, id).Scan(&stored.Version)
	return id, stored, true, err
}

// isOwn reports whether an earlier run of this request has created the document.
func isOwn(ctx context.Context, tx pgx.Tx, w fed.Write, id string, version int64) (own bool, err error) {
	const q = `SELECT EXISTS (SELECT FROM thalamus_changes WHERE id = $1 AND resource = 'document' AND version = $2
		AND operation = 'create' AND request = NULLIF($3, ''))`
	err = tx.QueryRow(ctx, q, id, version, w.Request).Scan(&own)
	return own, err
}

var lockForUpload = attributed(`$5`, `$6`, `$7`, newNode(`personal_docs`, `$3`)) + `
SELECT ($3::jsonb || $4::jsonb)::text FROM pols, asked WHERE id = $2 AND book = $1 AND ` + unlessWithheld(`$8`, pageWithheld) + ` FOR NO KEY UPDATE OF pols`

// lockPage keeps other uploads to the page out until the transaction ends, and
// gives the data that is to be stored.
func lockPage(ctx context.Context, tx pgx.Tx, w fed.Write, u Upload) (data fed.Record, err error) {
	recreate := "off"
	if w.Recreate {
		recreate = "on"
	}

	var text []byte
	err = tx.QueryRow(ctx, lockForUpload, u.Key.Person, u.Key.Page, []byte(u.Data), []byte(u.Filled),
		w.Account, w.Request, recreate, u.asker).Scan(&text)

	return text, notFoundOr(err, noPage)
}

// findSameDocument finds the document that is uploaded again; id is "" when there is none.
// A row that is served to nobody, because its data is no object, is never it.
func findSameDocument(ctx context.Context, tx pgx.Tx, w fed.Write, u Upload) (id string, stored fed.Stored, err error) {
	const here = `fedacct = $1 AND pol = $2`
	const same = here + ` AND jsonb_typeof(data) = 'object' AND octet_length(document) = $5 AND digest = $6`
	const q = `SELECT id, data::text, version, COALESCE(` + here + `, false), COALESCE(` + same + `, false) FROM personal_docs
		WHERE $4 AND id = $3 OR NOT $4 AND ` + same + ` LIMIT 1` // not CASE: that would use no index

	var isHere, isSame bool
	var text []byte
	err = tx.QueryRow(ctx, q, u.Key.Person, u.Key.Page, u.Key.ID, u.Named, u.Size, u.SHA512).Scan(&id, &text, &stored.Version, &isHere, &isSame)
	none := errors.Is(err, pgx.ErrNoRows)
	if err != nil && !none {
		return "", fed.Stored{}, err
	}

	switch {
	case w.Old && !isHere:
		return "", fed.Stored{}, fed.OtherVersion(0)
	case none:
		return "", fed.Stored{}, nil
	case isHere && !w.Allows(stored.Version):
		return "", fed.Stored{}, fed.OtherVersion(stored.Version)
	case !isSame:
		return "", fed.Stored{}, fed.Errorf(fed.Conflict, otherDocument)
	}

	stored.Record = text
	return id, stored, nil
}

// copyIn sends the row as PostgreSQL's binary COPY format, the only one that
// takes a value from a stream.
func copyIn(ctx context.Context, tx pgx.Tx, u Upload, data fed.Record) error {
	const q = `COPY personal_docs (id, fedacct, pol, data, document) FROM STDIN (FORMAT binary)`
	head := []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05")
	for _, value := range []string{u.Key.ID, u.Key.Person, u.Key.Page, "\x01" + string(data)} { // 1: version of binary jsonb
		head = binary.BigEndian.AppendUint32(head, uint32(len(value)))
		head = append(head, value...)
	}

	head = binary.BigEndian.AppendUint32(head, uint32(u.Size))
	tail := []byte{0xff, 0xff}
	if _, err := u.Content.Seek(0, io.SeekStart); err != nil {
		return err
	}

	row := io.MultiReader(bytes.NewReader(head), io.LimitReader(u.Content, u.Size), bytes.NewReader(tail))
	_, err := tx.Conn().PgConn().CopyFrom(ctx, row, q)
	return err
}
