// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"maps"
	"slices"

	"thalamus/internal/fed"
)

// PersonFilter is a condition on persons. The zero value is everybody.
type PersonFilter struct {
	BornFrom, BornTo int               // like 19901004, with zeros for an unknown day or month; BornTo 0: at any time
	Active, Deceased *bool             // a person without the key is active, and not deceased
	Fields           map[string]string // keys of records, with their values as text
}

// EachPersonWith hands on the part that is asked for of the persons whom a filter lets
// through, without passwords and by id. Which plan is good depends on how many these are.
func (v View) EachPersonWith(ctx context.Context, f PersonFilter, s Keyset[string], flow Flow, take func(id string, person fed.Record) error) error {
	persons := collection{
		listColumns: listColumns{shown: personText, take: take},
		runPieces:   v.db.withCustomPlan, runScan: v.db.withCustomPlan, table: `people`,
		where: func(args *parameters) string { return isObject + f.andSQL(args) },
	}
	if f.isEmpty() {
		persons.runPieces, persons.runScan = v.db.onAnyConnection, v.db.withoutSort
	}

	return v.db.read(ctx, flow, persons.list(s))
}

func (f PersonFilter) isEmpty() bool {
	return f.BornTo == 0 && f.Active == nil && f.Deceased == nil && len(f.Fields) == 0
}

// andSQL gives the filter as SQL that follows other conditions, and adds its
// parameters to theirs.
func (f PersonFilter) andSQL(args *parameters) (sql string) {
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
