// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"fmt"
	"strconv"
)

// collection is records of a table in the order of their ids.
type collection struct {
	listed
	ask     asking // for pieces
	scan    asking // for all that is to come, where a part has no end
	table   string
	columns string                   // besides id and data, each behind a comma
	where   func(*parameters) string // which records, as SQL
}

// chosen gives a part of it whose ids are found at first.
func (c collection) chosen(s Span[string]) *chosen {
	list := &chosen{listed: c.listed, ask: c.ask, again: c.ask, limit: s.Limit, more: s.More}
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

	list.thoseArgs = parameters{nil}
	list.those = those(c.table, `id, data`+c.columns, c.where(&list.thoseArgs))
	return list
}

// those finds the records of the ids in $1.
func those(table, columns, where string) string {
	return fmt.Sprintf(`SELECT n, c.* FROM unnest($1::varchar[]) WITH ORDINALITY AS asked (asked_id, n)
	JOIN (SELECT %s FROM %s WHERE %s) AS c ON c.id = asked_id`, columns, table, where)
}

// keyset gives what comes behind an id, however much that is.
func (c collection) keyset(after *string) *keyset {
	list := &keyset{listed: c.listed, ask: c.ask, scan: c.scan, table: c.table}
	list.where = c.where(&list.args)
	if after != nil {
		list.begun, list.after = true, *after
	}
	return list
}

// list gives a part of it: with an end, or without.
func (c collection) list(s Span[string]) list {
	if s.Limit > 0 {
		return c.chosen(s)
	}
	return c.keyset(s.After)
}
