// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"thalamus/internal/fed"
)

// PersonFilter is a condition on persons. The zero value is everybody.
type PersonFilter struct {
	BornFrom, BornTo int               // like 19901004, with zeros for an unknown day or month; BornTo 0: at any time
	Active, Deceased *bool             // a person without the key is active, and not deceased
	Fields           map[string]string // keys of records, with their values as text

	IDs                    []string // nil: any
	Genders                []string // nil: any
	Births                 []BirthBound
	Names                  []NamePrefix
	ChangedFrom, ChangedTo time.Time // when the record came to be as it is; ChangedTo is not among them; zero: open
}

// BirthBound is a bound of the day of birth. A date of which the day or the month is unknown is all
// of those days.
type BirthBound struct {
	Last  bool // of them the last is meant, else the first
	Least bool // Date is the least that it may be, else the most
	Date  int  // like 19901004
}

// NamePrefix lets records through in which one of these keys has words that begin with one of the
// texts, whatever their case and accents.
type NamePrefix struct {
	Keys  []string
	Texts []string
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
	return reflect.ValueOf(f).IsZero()
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

	return sql + f.moreSQL(args)
}

// moreSQL gives what FHIR asks for besides.
func (f PersonFilter) moreSQL(args *parameters) (sql string) {
	sql = idsSQL(f.IDs, args)
	if f.Genders != nil {
		sql += ` AND data ->> 'gender' = ANY (` + args.add(f.Genders) + `::text[])`
	}

	for _, bound := range f.Births {
		sql += ` AND ` + bound.sql(args)
	}

	sql += namesSQL(f.Names, args)
	if !f.ChangedFrom.IsZero() {
		sql += ` AND ` + changedAt(fed.Person, "people") + ` >= ` + args.add(f.ChangedFrom) + `::timestamptz`
	}
	if !f.ChangedTo.IsZero() {
		sql += ` AND ` + changedAt(fed.Person, "people") + ` < ` + args.add(f.ChangedTo) + `::timestamptz`
	}
	return sql
}

// sql compares the bound with the column, where an unknown day or month is 00.
func (b BirthBound) sql(args *parameters) string {
	day, comparison := `birth`, ` <= `
	if b.Last {
		day = `birth + CASE WHEN birth % 10000 = 0 THEN 1231 WHEN birth % 100 = 0 THEN 31 ELSE 0 END`
	}
	if b.Least {
		comparison = ` >= `
	}
	return day + comparison + args.add(b.Date)
}

func idsSQL(ids []string, args *parameters) string {
	if ids == nil {
		return ``
	}
	return ` AND id = ANY (` + args.add(ids) + `::varchar[])`
}

// namesSQL looks for the beginnings of words in folded names.
func namesSQL(names []NamePrefix, args *parameters) (sql string) {
	for _, name := range names {
		var any []string
		for _, text := range name.Texts {
			folded := `thalamus_fold(` + args.add(text) + `::text)`
			for _, key := range name.Keys {
				any = append(any, fmt.Sprintf(`%[1]s <> '' AND jsonb_typeof(data -> %[2]s::text) = 'string' AND
	strpos(' ' || thalamus_fold(left(data ->> %[2]s::text, 300)), ' ' || %[1]s) > 0`, folded, args.add(key)))
			}
		}
		sql += ` AND (` + strings.Join(any, ` OR `) + `)`
	}
	return sql
}
