// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// mergeSpec says how the records of one table are merged with a patch.
type mergeSpec struct {
	of    fed.Resource
	where string // finds the one row, by named arguments
	patch string // the keys that are merged into "data", but for "id"; @patch unless it depends on the row
	names string // as what the patch may name the row in "id", besides what "data" and the column say
	rules string // WHEN clauses over "data" and "merged" that give an objection
	reply string // the keys that are left out of the reply
}

// checkedRow begins the statement: it finds the row, merges, and judges the outcome. The
// limits keep nobody from closing the account of a person whose record others made too
// large, nor from a change by which a record does not grow.
func (m mergeSpec) checkedRow(lock string) string {
	return attributed(`@account`, `@request`, `'off'`, changeNode(m.of.Info().Table, `@patch`)) + fmt.Sprintf(`, stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN %[3]s || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || (%[3]s - 'id')
	END AS merged
	FROM %[1]s WHERE %[2]s%[6]s
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		`+staleRule+`
		WHEN merged IS NULL THEN '`+notAnObject+`'
		`+unlessUnchanged("id", `to_jsonb(id)%[5]s`, otherID)+`
		%[4]s
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND `+recordSize(`merged`)+` > GREATEST(@max_record, `+recordSize(`data`)+`) THEN '`+tooLarge+`'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND `+elementCount(`merged`)+` > @max_elements AND `+elementCount(`merged`)+` > `+elementCount(`data`)+` THEN '`+tooWide+`'
		ELSE '`+noObjection+`'
	END AS objection
	FROM measured
)`, m.of.Info().Table, m.where, m.patch, m.rules, m.names, lock)
}

// updateStatement locks the row, judges, and writes what is merged if there is no objection; no
// other writer can come between. It answers with the objection, or "" and the record as
// text, the version that the record has, and the bytes that were written: of what it is
// now, and of what it was, for the history.
func (m mergeSpec) updateStatement() string {
	return m.checkedRow(` FOR UPDATE`) + fmt.Sprintf(`, written AS (
	UPDATE %[1]s AS target SET data = judged.merged FROM judged, asked
	WHERE target.id = judged.id AND judged.objection = '`+noObjection+`'
	RETURNING target.data, target.version
)
SELECT judged.objection, (written.data%[2]s)::text, COALESCE(written.version, judged.version), judged.growth FROM judged LEFT JOIN written ON true`,
		m.of.Info().Table, m.reply)
}

// checkStatement judges without a lock: it answers with the objection that there would be now,
// or "", and the version.
func (m mergeSpec) checkStatement() string {
	return m.checkedRow(``) + ` SELECT objection, version FROM judged`
}

// recordSize is the size of a record in bytes, as record.Limits count them.
func recordSize(data string) string {
	return `octet_length(regexp_replace(` + data + `::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))`
}

// elementCount is how many keys and elements of arrays a record has.
func elementCount(data string) string {
	return `(SELECT count(*) - 1 FROM jsonb_path_query(` + data + `, 'strict $.**'))`
}

// unlessUnchanged objects to a patch of a key, but for these values and the one that is stored.
func unlessUnchanged(key, values, objection string) string {
	return fmt.Sprintf(`WHEN @patch::jsonb ? '%[1]s' AND (@patch::jsonb -> '%[1]s' IN (%[2]s, data -> '%[1]s')) IS NOT TRUE THEN '%[3]s'`,
		key, values, objection)
}

// check runs a checkStatement; notFound is the sentence when there is no row.
func (db *DB) check(ctx context.Context, w fed.Write, notFound, statement string, args pgx.NamedArgs) error {
	args["max_record"], args["max_elements"] = db.maxRecord, db.maxElements
	var objection string
	var version int64
	if err := db.pool.QueryRow(ctx, statement, attribute(w, args)).Scan(&objection, &version); err != nil {
		return notFoundOr(err, notFound)
	}

	return objectionError(objection, version)
}

// mergeStatements are the statements of a mergeSpec.
type mergeStatements struct {
	retryCheck
	update string
}

func (m mergeSpec) statements() mergeStatements {
	return mergeStatements{retryCheck: retryCheckOf(m.of, m.where), update: m.updateStatement()}
}

// merge runs a merge; notFound is the sentence when there is no row.
func (db *DB) merge(ctx context.Context, w fed.Write, notFound string, m mergeStatements, args pgx.NamedArgs) (fed.Stored, error) {
	args["max_record"], args["max_elements"] = db.maxRecord, db.maxElements
	attribute(w, args)
	var objection string
	var text []byte
	var version, growth int64

	err := db.change(ctx, m.retryCheck, args, func(made fed.Stored) {
		text, version = made.Record, made.Version
	}, func(conn querier) error {
		if err := conn.QueryRow(ctx, m.update, args).Scan(&objection, &text, &version, &growth); err != nil {
			return err
		}
		return objectionError(objection, version)
	})
	if err != nil {
		return fed.Stored{}, notFoundOr(err, notFound)
	}

	w.Grow(growth)
	return fed.Stored{Record: text, Version: version}, nil
}
