// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// LoadRow is one record to be loaded.
type LoadRow struct {
	Resource fed.Resource
	ID       string     // of a link: the other person's
	Person   string     // of a page, document or link; in upper case, too, if nobody has it as it is
	Page     string     // of a document
	Data     fed.Record // as it is to be stored
	Base64   []byte     // the bytes of a document; nil: it has none
	Size     int        // of these bytes
	Odd      bool       // a person whose "active" closes the account without saying so
}

// LoadResult is the result of loading one record.
type LoadResult struct {
	Kind   LoadOutcome
	Reason string // why it was refused
}

// LoadOutcome tells results apart.
type LoadOutcome int

// The outcomes. The zero outcome is a record that was created.
const (
	LoadCreated LoadOutcome = iota
	LoadPresent             // the same is there already
	LoadRefused
)

// Reasons why a record is not loaded.
const (
	otherContent = "the id exists with other content"
	wasDeleted   = "the id was deleted; thalamus restore puts it back"
	unknownOwner = "there is no such person"
	unknownPage  = "there is no such page in this person's book"
	refusedHere  = "the database refuses it (SQLSTATE %s)"
)

// Load stores records, all in one transaction, or finds that they are there; it
// overwrites nothing. A later record may belong to an earlier one, and of two with
// one id the first counts. turn is called when the records have reached the
// database, and returns when they may be merged: if they need those of another load,
// it waits for its end. If the database refuses one of the records only that is
// refused.
func (db *DB) Load(ctx context.Context, rows []LoadRow, turn func() error) ([]LoadResult, error) {
	if len(rows) == 0 {
		return nil, turn()
	}

	results := make([]LoadResult, len(rows))
	err := db.loadRetrying(ctx, rows, results, turn)
	if sqlstate := refusalCode(err); sqlstate != "" {
		if err := turn(); err != nil {
			return nil, err
		}
		err = db.loadHalves(ctx, rows, results, sqlstate)
	}

	return results, err
}

// loadHalves finds the records that the database refuses, and loads the others.
func (db *DB) loadHalves(ctx context.Context, rows []LoadRow, results []LoadResult, sqlstate string) error {
	if len(rows) == 1 {
		results[0] = refusedAs(rows[0].Resource, sqlstate)
		return nil
	}

	half := len(rows) / 2
	for _, part := range [][2]int{{0, half}, {half, len(rows)}} {
		rows, results := rows[part[0]:part[1]], results[part[0]:part[1]]
		err := db.loadRetrying(ctx, rows, results, func() error { return nil })
		if sqlstate := refusalCode(err); sqlstate != "" {
			err = db.loadHalves(ctx, rows, results, sqlstate)
		}

		if err != nil {
			return err
		}
	}

	return nil
}

// refusalCode gives the SQLSTATE of what is wrong with a record, "" for other errors.
func refusalCode(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23") ||
		strings.HasPrefix(pg.Code, "54") || strings.HasPrefix(pg.Code, "P0") || pg.Code == deletedCode) {
		return pg.Code
	}
	return ""
}

// refusedAs gives the reason of a record that the database refused, without PostgreSQL's
// message, which may hold the record and is not for a report.
func refusedAs(resource fed.Resource, sqlstate string) LoadResult {
	reason := strings.Replace(refusedHere, "%s", sqlstate, 1)
	switch sqlstate { // deleted since we looked
	case deletedCode:
		reason = wasDeleted
	case "23503":
		reason = missingOwner(resource.Info())
	}

	return LoadResult{LoadRefused, reason}
}

// errVanished is a record that was there, and was deleted before it was compared.
var errVanished = &pgconn.PgError{Code: "40001", Message: "a record was deleted while it was compared"}

// loadRetrying loads until there is an answer. results are those of the last run that came to its
// COMMIT, which may have been applied without an answer.
func (db *DB) loadRetrying(ctx context.Context, rows []LoadRow, results []LoadResult, turn func() error) error {
	return db.pool.Write(ctx, func(conn *pgx.Conn, again bool) error {
		return pg.Transaction(ctx, conn, func(tx pgx.Tx) error {
			if err := stage(ctx, tx, rows); err != nil {
				return err
			}
			if err := turn(); err != nil {
				return err
			}

			found := make([]LoadResult, len(rows))
			if err := mergeStaged(ctx, tx, rows, found); err != nil {
				return err
			}

			if again {
				ownCreations(found, results)
			}

			copy(results, found)
			return nil
		})
	})
}

// ownCreations counts what is there because an earlier run created it as created. Of two that
// load the same at once, both may count it, if the first one's commit was lost.
func ownCreations(found, earlier []LoadResult) {
	for i := range found {
		if found[i].Kind == LoadPresent && earlier[i].Kind == LoadCreated {
			found[i] = LoadResult{Kind: LoadCreated}
		}
	}
}

// stage sends the records to a temporary table. The settings keep PostgreSQL from
// planning for tables as empty as they may be now: the plans that check foreign
// keys are made once for each connection.
func stage(ctx context.Context, tx pgx.Tx, rows []LoadRow) error {
	const q = noTimeouts + `;
		SET LOCAL enable_seqscan = off;
		SET LOCAL work_mem = '64MB';
		SET LOCAL thalamus.recreate = 'off';
		CREATE TEMPORARY TABLE thalamus_load (
			n int, resource text, id text, person text, page text, data jsonb, document bytea
		) ON COMMIT DROP`
	if _, err := tx.Exec(ctx, q, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}

	_, err := tx.Conn().PgConn().CopyFrom(ctx, &loadReader{rows: rows}, `COPY pg_temp.thalamus_load FROM STDIN (FORMAT binary)`)
	return err
}
