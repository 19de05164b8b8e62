// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// Restored says what was put back.
type Restored struct {
	Person, Page string // where it is; "" if it is nobody's
	Version      int64
}

// deletion is the newest change of a record, if it is gone.
type deletion struct {
	version      int64
	operation    string
	person, page *string // page: of a document, as its data has it
	known        bool    // the record is known as it was
	exists       bool
}

// Restore puts a deleted record back as it was before. A person comes back without
// a password. page is that of a document, if its data names none or another.
func (db *DB) Restore(ctx context.Context, by fed.Write, resource fed.Resource, id, page string) (r Restored, err error) {
	if !resource.Known() {
		return r, fed.Errorf(fed.Invalid, "there is nothing like a %q; write %s", resource, fed.ResourceNames())
	}

	err = db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		return pg.Transaction(ctx, conn, func(tx pgx.Tx) error {
			gone, err := lastDeletion(ctx, tx, resource, id, page)
			if err != nil {
				return err
			}
			r = Restored{Person: textOf(gone.person), Page: textOf(gone.page), Version: gone.version + 1}
			if err := setAttribution(ctx, tx, by); err != nil {
				return err
			}
			return insertRestored(ctx, tx, resource, id, gone)
		})
	})

	return r, classify(err)
}

func textOf(of *string) string {
	if of == nil {
		return ""
	}
	return *of
}

// lastDeletion finds what is to be put back, or says why there is nothing.
func lastDeletion(ctx context.Context, tx pgx.Tx, resource fed.Resource, id, page string) (d deletion, err error) {
	const q = `SELECT version, operation, person, COALESCE(NULLIF($3, ''), before ->> NULLIF($4, '')),
		before IS NOT NULL, EXISTS (SELECT FROM %s WHERE id = $2)
		FROM thalamus_changes WHERE id = $2 AND resource = $1 AND part = 0 ORDER BY version DESC LIMIT 1`

	info := resource.Info()
	err = tx.QueryRow(ctx, fmt.Sprintf(q, info.Table), resource, id, page, info.Page).
		Scan(&d.version, &d.operation, &d.person, &d.page, &d.known, &d.exists)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return d, fed.Errorf(fed.NotFound, "%s %s was never there", resource, id)
	case err != nil:
		return d, classify(err)
	case d.exists:
		return d, fed.Errorf(fed.Conflict, "%s %s exists; nothing was changed", resource, id)
	case d.operation != "delete" || !d.known:
		return d, fed.Errorf(fed.Conflict, "%s %s was deleted, and what it held is no longer kept", resource, id)
	case info.Page != "" && d.page == nil:
		return d, fed.Errorf(fed.Conflict, "%s %s does not say on which page it was; add --page PAGE", resource, id)
	}

	return d, nil
}

// setAttribution tells the triggers, which keep the history, who asks, and that an id which was deleted
// is not to be used again by itself.
func setAttribution(ctx context.Context, tx pgx.Tx, by fed.Write) error {
	const q = `SELECT set_config('thalamus.account', $1, true), set_config('thalamus.recreate', 'off', true)`
	_, err := tx.Exec(ctx, q, by.Account)
	return err
}

// insertRestored inserts the record as the version after its deletion. Nobody can have
// created it meanwhile: then that version is taken.
func insertRestored(ctx context.Context, tx pgx.Tx, resource fed.Resource, id string, d deletion) error {
	_, err := tx.Exec(ctx, insertStatement(resource.Info()), pgx.NamedArgs{
		"resource": resource, "id": id, "version": d.version, "person": d.person, "page": d.page,
	})

	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}

	switch pg.Code {
	case "23503":
		return fed.Errorf(fed.Conflict, "%s; restore that first", ownerMissing(resource.Info(), d))
	case overtakenCode, deletedCode:
		return fed.Errorf(fed.Conflict, "%s %s was changed by somebody else at this moment; try again", resource, id)
	}

	return err
}

func ownerMissing(i fed.ResourceInfo, d deletion) string {
	if i.Page != "" {
		return fmt.Sprintf("there is no person %s or no page %s", textOf(d.person), textOf(d.page))
	}
	return fmt.Sprintf("there is no person %s", textOf(d.person))
}

// insertStatement makes the row from what its deletion kept. The version makes a trigger add what the
// record was created with, for repeated POSTs.
func insertStatement(i fed.ResourceInfo) string {
	columns, values := "", ""
	add := func(column, value string) {
		if column != "" {
			columns, values = columns+", "+column, values+", "+value
		}
	}
	if i.Belongs() {
		add(i.Owner, `person`)
	}

	add(i.Page, `@page::varchar`)
	add(i.Bytes, `document`)
	return fmt.Sprintf(`INSERT INTO %s (id, data, version%s) SELECT id, before, version + 1%s
		FROM thalamus_changes WHERE id = @id AND resource = @resource AND part = 0 AND version = @version`,
		i.Table, columns, values)
}
