// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"fmt"
	"strconv"
)

// collection is records of a table in the order of their ids.
type collection struct {
	listColumns
	runPieces queryRunner // for pieces
	runScan   queryRunner // for all that is to come, where a part has no end
	table     string
	columns   string                   // besides id and data, each behind a comma
	where     func(*parameters) string // which records, as SQL
}

// idList gives a part of it whose ids are found at first.
func (c collection) idList(s Keyset[string]) *idList {
	list := &idList{listColumns: c.listColumns, runFirst: c.runPieces, runRest: c.runPieces, limit: s.Limit, more: s.More}
	where := c.where(&list.args)
	if s.After != nil {
		where += ` AND id > ` + list.args.add(*s.After)
	}

	end := ``
	if s.Limit > 0 {
		end = `LIMIT ` + strconv.Itoa(s.Limit+1)
	}

	list.source = fmt.Sprintf(`SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data%s FROM %s WHERE %s ORDER BY id %s
) AS found`, c.columns, c.table, where, end)

	list.restArgs = parameters{nil}
	list.restSource = byIDs(c.table, `id, data`+c.columns, c.where(&list.restArgs))
	return list
}

// byIDs finds the records of the ids in $1.
func byIDs(table, columns, where string) string {
	return fmt.Sprintf(`SELECT n, c.* FROM unnest($1::varchar[]) WITH ORDINALITY AS asked (asked_id, n)
	JOIN (SELECT %s FROM %s WHERE %s) AS c ON c.id = asked_id`, columns, table, where)
}

// keysetList gives what comes behind an id, however much that is.
func (c collection) keysetList(after *string) *keysetList {
	list := &keysetList{listColumns: c.listColumns, runPieces: c.runPieces, runScan: c.runScan, table: c.table}
	list.where = c.where(&list.args)
	if after != nil {
		list.begun, list.after = true, *after
	}
	return list
}

// list gives a part of it: with an end, or without.
func (c collection) list(s Keyset[string]) list {
	if s.Limit > 0 {
		return c.idList(s)
	}
	return c.keysetList(s.After)
}
