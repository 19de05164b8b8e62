// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// DumpRevision is a record with its version, and the size of its bytes in place of them. It is valid until
// the next one.
type DumpRevision struct {
	DumpRow
	Version int64
	Changed time.Time // zero: that is not known
	Same    []string  // of a person: the ids of other records of the same person
	Size    int64     // of the bytes; negative: there are none
}

// revisionStatement finds all records of a resource without secrets, in the columns that dumpRevisions reads.
func revisionStatement(i fed.ResourceInfo) string {
	same, size := `NULL::text[]`, `-1`
	if i.Resource == fed.Person {
		same = `CASE WHEN linked IS NOT NULL THEN ` + sameAs(i.Table) + ` END`
	}
	if i.Bytes != "" {
		size = `COALESCE(octet_length(` + i.Bytes + `), -1)`
	}
	return inOrder(i.Table, fmt.Sprintf(`%s, version, %s, %s, %s`, dumpColumns(i, shown(i)), changedAt(i.Resource, i.Table), same, size))
}

// DumpRevisions hands on every record of the federation but links, all as they were at one moment, and gives
// that. Errors are those of Dump.
func DumpRevisions(ctx context.Context, v View, take func(DumpRevision) error) (at time.Time, err error) {
	err = handOn(take, func(take func(DumpRevision) error) error {
		return v.db.pool.Read(ctx, snapshot, func(tx pgx.Tx) error {
			if err := tx.QueryRow(ctx, `SELECT now()`).Scan(&at); err != nil {
				return err
			}
			return pg.Final(dumpRevisions(ctx, tx, take))
		})
	})
	return at.UTC(), err
}

func dumpRevisions(ctx context.Context, tx pgx.Tx, take func(DumpRevision) error) error {
	for _, info := range fed.ResourcesInOrder() {
		row := DumpRevision{DumpRow: DumpRow{Resource: info.Resource}}
		var data pgtype.DriverBytes
		var changed *time.Time
		rows, _ := tx.Query(ctx, revisionStatement(info))
		into := []any{&row.ID, &row.Person, &row.Page, &data, &row.Version, &changed, &row.Same, &row.Size}
		_, err := pgx.ForEachRow(rows, into, func() error {
			row.Data, row.Changed = fed.Record(data), timeOf(changed)
			return take(row)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
