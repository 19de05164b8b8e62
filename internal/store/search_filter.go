// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"thalamus/internal/fed"
)

// PersonFilter is what persons must have. The zero value is everybody.
type PersonFilter struct {
	BornFrom, BornTo int               // like 19901004, with zeros for an unknown day or month; BornTo 0: whenever
	Active, Deceased *bool             // who does not say is active, and not deceased
	Fields           map[string]string // keys of records, with their values as text
}

// EachPersonWith hands on the persons whom a filter lets through, without
// passwords and by id; of limit 0 all of them.
func (db *DB) EachPersonWith(ctx context.Context, f PersonFilter, limit int, take func(fed.Record) error) error {
	var args parameters
	q := `SELECT (data - 'password')::text FROM people WHERE jsonb_typeof(data) = 'object'` + f.and(&args) + ` ORDER BY id`
	if limit > 0 {
		q += ` LIMIT ` + strconv.Itoa(limit)
	}
	return db.each(ctx, take, q, args...)
}

// and gives the filter as SQL that follows other conditions, and adds its
// parameters to theirs.
func (f PersonFilter) and(args *parameters) (sql string) {
	if f.BornTo > 0 {
		sql += ` AND birth BETWEEN ` + args.add(f.BornFrom) + ` AND ` + args.add(f.BornTo)
	}
	if f.Active != nil {
		sql += ` AND (data -> 'active' IS DISTINCT FROM 'false') = ` + args.add(*f.Active)
	}
	if f.Deceased != nil {
		sql += ` AND (data -> 'deceased' IS NOT DISTINCT FROM 'true') = ` + args.add(*f.Deceased)
	}
	for _, key := range slices.Sorted(maps.Keys(f.Fields)) {
		k := args.add(key)
		sql += ` AND data ->> ` + k + `::text = ` + args.add(f.Fields[key]) +
			` AND jsonb_typeof(data -> ` + k + `::text) IN ('string', 'number', 'boolean')`
	}
	return sql
}

// parameters are the values of a statement that is put together.
type parameters []any

// add gives a value's place in the statement.
func (p *parameters) add(value any) string {
	*p = append(*p, value)
	return `$` + strconv.Itoa(len(*p))
}
