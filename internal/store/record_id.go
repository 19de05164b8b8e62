// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Owner gives the person of a page or document; "" if there is no such record, or it is nobody's. So it is of one that is
// withheld from who acts for its person: the refusal would tell that it is there.
func (db *DB) Owner(ctx context.Context, reader fed.Reader, resource fed.Resource, id string) (person string, err error) {
	info := resource.Info()
	err = db.pool.QueryRow(ctx, fmt.Sprintf(`SELECT COALESCE(%s, '') FROM %s WHERE id = $1`, info.Owner, info.Table), id).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil || !askerOf(db.For(reader), person).mayMiss() {
		return person, classify(err)
	}

	acts, err := db.Acts(ctx, reader.Account, person)
	if err != nil || !acts {
		return person, err
	}
	return visibleOwner(ctx, db.For(reader), resource, id, person)
}

// visibleOwner is the person, unless the record is withheld.
func visibleOwner(ctx context.Context, v View, resource fed.Resource, id, person string) (string, error) {
	kind := pageRows
	if resource == fed.Document {
		kind = documentRows
	}

	var sees bool
	q := fmt.Sprintf(`SELECT EXISTS (SELECT FROM %s WHERE id = $1 AND %s)`, resource.Info().Table, visible(kind, `$2`))
	err := v.db.pool.QueryRow(ctx, q, id, askerOf(v, person)).Scan(&sees)
	if !sees {
		return "", classify(err)
	}
	return person, nil
}

// isLong is true of ids that are longer than so many characters when all but letters, digits and
// "-" is written with three, as SQL; the indexes have the same text.
func isLong(resource fed.Resource) string {
	most := 64
	if resource == fed.Page {
		most = 36
	}
	return fmt.Sprintf(`octet_length(id::text) + 2 * octet_length(translate(id::text, `+
		`'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > %d`, most)
}

// LongID gives the long id that has this MD5, in hexadecimal; "" if there is none.
func (db *DB) LongID(ctx context.Context, resource fed.Resource, digest string) (id string, err error) {
	q := fmt.Sprintf(`SELECT id FROM %s WHERE md5(id::text) = $1 AND %s ORDER BY id LIMIT 1`, resource.Info().Table, isLong(resource))
	err = db.pool.QueryRow(ctx, q, digest).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return id, classify(err)
}
