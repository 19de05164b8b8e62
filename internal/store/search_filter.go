// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
)

// PersonFilter is what persons must have. The zero value is everybody.
type PersonFilter struct {
	BornFrom, BornTo int               // like 19901004, with zeros for an unknown day or month; BornTo 0: whenever
	Active, Deceased *bool             // who does not say is active, and not deceased
	Fields           map[string]string // keys of records, with their values as text
}

// EachPersonWith hands on the persons of a span whom a filter lets through, without
// passwords and by id. Which plan is good depends on how many these are.
func (db *DB) EachPersonWith(ctx context.Context, f PersonFilter, s Span[string], take func(fed.Record) error) error {
	var args parameters
	persons := listing{table: `people`, columns: `data`, shown: `(data - 'password')::text`, where: isObject + f.and(&args)}
	var text pgtype.DriverBytes
	each := func(query querying) error {
		return persons.each(ctx, query, args, s, []any{&text}, func() error { return take(fed.Record(text)) })
	}
	if len(args) == 0 {
		return each(db.pool.Query)
	}
	var taking error
	err := pgx.BeginTxFunc(ctx, db.pool, searching, func(tx pgx.Tx) error {
		taking = each(tx.Query)
		return taking
	})
	if taking != nil {
		return taking
	}
	return explain(err)
}

// and gives the filter as SQL that follows other conditions, and adds its
// parameters to theirs.
func (f PersonFilter) and(args *parameters) (sql string) {
	if f.BornTo > 0 {
		sql += ` AND birth BETWEEN ` + args.add(f.BornFrom) + ` AND ` + args.add(f.BornTo)
	}
	if f.Active != nil {
		sql += ` AND ` + isActive + ` = ` + args.add(*f.Active)
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
