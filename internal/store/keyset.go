// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
)

// Keyset is the part of a collection that is asked for. The zero Keyset is all of it.
type Keyset[K any] struct {
	After *K           // only what comes behind this place; nil: from the beginning on
	Limit int          // 0: to the end
	More  func(last K) // called before more than a first piece is handed on, if there are more behind the last one
}

// tellMore calls More once, if there is a last key. A later row tells the same again.
func (s *Keyset[K]) tellMore(last *K) {
	if last != nil && s.More != nil {
		s.More(*last)
		s.More = nil
	}
}

// keysetQuery says what is shown of rows that are small. All of its parts are SQL.
type keysetQuery struct {
	table   string
	columns string // that shown needs besides id
	shown   string
	where   string // which records
}

// each hands on the records of a part by id. If the part has an end, its records are found
// before the first is read: whether there are more is told before anything is sent.
func (l keysetQuery) each(ctx context.Context, query queryFunc, args parameters, s Keyset[string], into []any, take func() error) error {
	if s.After != nil {
		l.where += ` AND id > ` + args.add(*s.After)
	}

	q := fmt.Sprintf(`SELECT NULL::varchar, %s FROM (SELECT id, %s FROM %s WHERE %s ORDER BY id) AS c ORDER BY id`,
		l.shown, l.columns, l.table, l.where)
	if s.Limit > 0 {
		q = fmt.Sprintf(`
WITH chosen AS MATERIALIZED (
	SELECT *, row_number() OVER (ORDER BY id) AS n
	FROM (SELECT id, %[2]s FROM %[3]s WHERE %[4]s ORDER BY id LIMIT %[5]d + 1) AS found
)
SELECT (SELECT id FROM chosen WHERE n = %[5]d AND EXISTS (SELECT FROM chosen WHERE n > %[5]d)), %[1]s
FROM (SELECT * FROM chosen WHERE n <= %[5]d ORDER BY n) AS c ORDER BY n`,
			l.shown, l.columns, l.table, l.where, s.Limit)
	}

	rows, _ := query(ctx, q, args...)
	var last *string
	return forEach(rows, append([]any{&last}, into...), func() error {
		s.tellMore(last)
		return take()
	})
}
