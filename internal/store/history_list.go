// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"

	"thalamus/internal/fed"
)

// historyList is the history of a record as a list. The places of changes never change.
type historyList struct {
	listColumns
	view  View
	query HistoryQuery
	page  HistoryPage // the rest, behind After, but for those that were taken
	at    HistoryKey  // of the row that was read last

	taken int
}

func newHistoryList(v View, past HistoryQuery, page HistoryPage, take func(HistoryEntry) error) *historyList {
	c := &historyList{view: v, query: past, page: page}
	e := HistoryEntry{Change: Change{Resource: past.Resource, ID: past.ID}}
	if past.Person != "" {
		e.Person = &past.Person
	}

	c.shown, c.beside = `COALESCE(data::text, '')`, `, version, part, operation, time, account, node`
	c.into = []any{&c.at.Version, &c.at.Part, &e.Operation, &e.Time, &e.Account, &e.Node}
	c.take = func(_ string, data fed.Record) error {
		e.Version, e.Part, e.Data = c.at.Version, c.at.Part, data
		if len(data) == 0 {
			e.Data = nil
		}

		c.page.After = c.at
		c.taken++
		return take(e)
	}

	return c
}

// source finds changes, and one more than are wanted.
func (c *historyList) source() string {
	return fmt.Sprintf(`
SELECT c.*, (%s) AS data FROM (
	SELECT id, resource, version, part, operation, time, account, node,
		row_number() OVER (ORDER BY version DESC, part DESC) AS n
	FROM thalamus_changes AS c WHERE %s AND (@version::bigint = 0 OR (version, part) < (@version, @part::bigint))
	ORDER BY version DESC, part DESC LIMIT @most::bigint + 1
) AS c`, afterChange(c.query.Resource), visibleChanges)
}

func (c *historyList) piece(ctx context.Context, bytes int64) (more bool, needed int64, err error) {
	most := pieceRows
	if c.page.Limit > 0 {
		most = c.page.Limit - c.taken
	}

	args := c.query.args(c.view)
	args["version"], args["part"] = c.page.After.Version, c.page.After.Part
	args["bytes"], args["rows"], args["most"] = bytes, min(most, pieceRows), most
	last := c.page.After
	c.row = func(n int) {
		if n < most {
			last = c.at
		}
	}

	p, err := c.read(ctx, c.view.db.pool.Query, c.statement(c.source(), `@bytes`, `@rows`), parameters{args})
	if err != nil {
		return false, 0, err
	}

	if c.page.Limit == 0 {
		return p.taken < len(p.ids), p.needed, nil
	}

	if len(p.ids) > most && c.page.More != nil {
		c.page.More(last)
		c.page.More = nil
	}

	return p.taken < min(most, len(p.ids)), p.needed, nil
}

// stream hands on none: histories are short.
func (c *historyList) stream(context.Context, func() bool) (more bool, err error) { return true, nil }
