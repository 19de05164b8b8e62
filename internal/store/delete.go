// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// deleteSpec says how a record of one table is deleted.
type deleteSpec struct {
	of    fed.Resource
	where string // finds the one row, by named arguments
	rules string // WHEN clauses over the row that give an objection
	bytes string // that the history keeps besides data; "" if there are none
}

// deleteStatements are the statements of a deleteSpec.
type deleteStatements struct {
	retryCheck
	delete string
}

// statements are one that locks the row, judges it, and deletes it if there is no objection.
// It answers with the objection, or "", the version that was judged, and the bytes that
// the history keeps of it.
func (r deleteSpec) statements() deleteStatements {
	return deleteStatements{retryCheck: retryCheckOf(r.of, r.where), delete: attributed(`@account`, `@request`, `'off'`, noNode) + fmt.Sprintf(`, judged AS (
	SELECT id, version, COALESCE(octet_length(data::text), 0) %[4]s AS kept,
		CASE `+staleRule+` %[3]s ELSE '`+noObjection+`' END AS objection
	FROM %[1]s WHERE %[2]s FOR UPDATE
), deleted AS (
	DELETE FROM %[1]s AS target USING judged, asked WHERE target.id = judged.id AND judged.objection = '`+noObjection+`'
)
SELECT objection, version, kept FROM judged`, r.of.Info().Table, r.where, r.rules, r.bytes)}
}

// deleteErrors is what is said when a row is gone, or others refer to it.
type deleteErrors struct{ missing, inUse string }

// delete runs a deletion; say has the sentences of its errors.
func (db *DB) delete(ctx context.Context, w fed.Write, say deleteErrors, r deleteStatements, args pgx.NamedArgs) error {
	var objection string
	var version, kept int64
	attribute(w, args)
	err := db.change(ctx, r.retryCheck, args, func(_ fed.Stored) {
		objection = noObjection
	}, func(conn querier) error {
		return conn.QueryRow(ctx, r.delete, args).Scan(&objection, &version, &kept)
	})

	switch {
	case violatesForeignKey(err):
		return &fed.Error{Kind: fed.Conflict, Msg: say.inUse, Err: err}
	case err != nil:
		return notFoundOr(err, say.missing)
	case objection == noObjection:
		w.Grow(kept)
	}

	return objectionError(objection, version)
}
