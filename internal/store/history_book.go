// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// BookHistory hands on the histories of a person and of all pages in the person's book, one
// record after another by id, each with its newest change first, as History gives it. With
// global come the changes for those who reach everybody's.
func (v View) BookHistory(ctx context.Context, person string, global bool, flow Flow, take func(HistoryEntry) error) error {
	return v.db.read(ctx, flow, newBookHistoryList(v, person, global, take))
}

// bookHistoryKey is the place of a change among those of a book: the person's come before the
// pages'. At version 0 all changes of the record are behind.
type bookHistoryKey struct {
	Rank int // 0: the person, 1: a page
	ID   string
	HistoryKey
}

// bookHistoryList is such histories as a list.
type bookHistoryList struct {
	listColumns
	view   View
	person string
	global bool
	at     bookHistoryKey // of the row that was read last
	after  bookHistoryKey // of the row that was handed on last
}

func newBookHistoryList(v View, person string, global bool, take func(HistoryEntry) error) *bookHistoryList {
	c := &bookHistoryList{view: v, person: person, global: global}
	e := HistoryEntry{Change: Change{Person: &c.person}}
	c.shown, c.beside = `COALESCE(data::text, '')`, `, rank, version, part, operation, time, account, node`
	c.into = []any{&c.at.Rank, &c.at.Version, &c.at.Part, &e.Operation, &e.Time, &e.Account, &e.Node}
	c.take = func(id string, data fed.Record) error {
		c.at.ID = id
		c.after = c.at
		if c.at.Version == 0 { // a record without a change to be shown
			return nil
		}

		e.Resource, e.ID, e.Version, e.Part, e.Data = fed.Person, id, c.at.Version, c.at.Part, data
		if c.at.Rank == 1 {
			e.Resource = fed.Page
		}
		if len(data) == 0 {
			e.Data = nil
		}
		return take(e)
	}
	return c
}

// bookHistorySource finds the next changes: of so many records at most, each with a row even if
// none of its changes is to be shown, so that a piece is never empty before the end.
var bookHistorySource = fmt.Sprintf(`
SELECT c.*, CASE c.resource WHEN 'person' THEN (%s) WHEN 'page' THEN (%s) END AS data FROM (
	SELECT record.rank, record.id, c.resource, COALESCE(c.version, 0) AS version, COALESCE(c.part, 0) AS part,
		COALESCE(c.operation, '') AS operation, COALESCE(c.time, 'epoch') AS time, c.account, c.node,
		row_number() OVER (ORDER BY record.rank, record.id, c.version DESC, c.part DESC) AS n
	FROM (
		SELECT rank, id, resource FROM (
			SELECT 0 AS rank, id, 'person' AS resource FROM people WHERE id = @person
			UNION ALL SELECT 1, id, 'page' FROM pols WHERE book = @person
		) AS all_records
		WHERE (rank, id) > (@rank::integer, @id::text) OR (rank, id) = (@rank, @id) AND @version::bigint > 0
		ORDER BY rank, id LIMIT @most::bigint
	) AS record LEFT JOIN thalamus_changes AS c ON c.id = record.id AND c.resource = record.resource AND c.person = @person
		AND c.operation <> 'cut' AND %s
		AND (record.rank <> @rank OR record.id <> @id OR (c.version, c.part) < (@version, @part::bigint))
	ORDER BY n LIMIT @most
) AS c`, afterChange(fed.Person), afterChange(fed.Page), visible(recordChanges, `@asker`))

func (c *bookHistoryList) piece(ctx context.Context, bytes int64) (more bool, needed int64, err error) {
	args := pgx.NamedArgs{
		"person": c.person, "asker": askerOf(c.view, c.person), "global": c.global, "rank": c.after.Rank, "id": c.after.ID,
		"version": c.after.Version, "part": c.after.Part, "bytes": bytes, "rows": pieceRows, "most": pieceRows,
	}

	p, err := c.read(ctx, c.view.db.pool.Query, c.statement(bookHistorySource, `@bytes`, `@rows`), parameters{args})
	return p.taken < len(p.ids) || len(p.ids) == pieceRows, p.needed, err
}

// stream hands on none: each piece is found by its key.
func (c *bookHistoryList) stream(context.Context, func() bool) (more bool, err error) {
	return true, nil
}
