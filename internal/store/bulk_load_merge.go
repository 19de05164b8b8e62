// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// loadTable says how staged records, l, become rows of a table, t.
type loadTable struct {
	fed.ResourceInfo
	columns string // besides id
	values  string // of l, for these columns
}

// loadTableOf makes the loading of a resource.
func loadTableOf(i fed.ResourceInfo) loadTable {
	g := loadTable{ResourceInfo: i}
	add := func(column, value string) {
		if column != "" {
			g.columns, g.values = g.columns+column+", ", g.values+value+", "
		}
	}
	if i.Belongs() {
		add(i.Owner, `person`)
	}

	add(i.Page, `page`)
	add(i.Bytes, `document`)
	g.columns, g.values = g.columns+`data`, g.values+`data`
	return g
}

// ownerExists is whether the one that a record belongs to is there, in a form that looks for it
// by index.
func (g loadTable) ownerExists() string {
	switch {
	case g.Page != "":
		return `(SELECT true FROM pols WHERE pols.id = l.page AND pols.book = l.person)`
	case g.Belongs():
		return `(SELECT true FROM people WHERE people.id = l.person)`
	}
	return `true`
}

// missingOwner is the reason when a record belongs to nobody.
func missingOwner(i fed.ResourceInfo) string {
	if i.Page != "" {
		return unknownPage
	}
	return unknownOwner
}

// sameContent is whether t has the same content.
func (g loadTable) sameContent() string {
	const data = `l.data IN (t.data, t.creation)`
	switch {
	case g.Resource == fed.Person: // filled in by one who loaded it without roles, or not by one who loads it with them
		return `jsonb_typeof(t.data) = 'object' AND (
			l.data - 'password' IN (t.data - 'password', t.creation)
			OR COALESCE(l.data -> 'roles', 'null') = 'null'
				AND l.data - 'password' || '{"roles": ["end_user"]}' IN (t.data - 'password', t.creation)
			OR l.data -> 'roles' = '["end_user"]' AND l.data - 'password' - 'roles' IN (t.data - 'password', t.creation))`
	case g.Bytes != "":
		return fmt.Sprintf(`t.%[1]s = l.person AND t.%[2]s = l.page AND jsonb_typeof(t.data) = 'object'
			AND (t.%[3]s = l.document OR t.%[3]s IS NULL AND l.document IS NULL AND t.data = l.data)`, g.Owner, g.Page, g.Bytes)
	case g.Belongs():
		return `t.` + g.Owner + ` = l.person AND ` + data
	}

	return data
}

// wasThere finds the first version of a record of this id, be it deleted since; in
// a form that looks for it by index, even where PostgreSQL believes that there are
// no changes yet.
const wasThere = `COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false)`

// addStatement inserts the first staged record of each new id, and gives the numbers of all
// that were not. It goes by id, so that two loads of the same records do not
// wait for each other in a circle.
func (g loadTable) addStatement() string {
	return fmt.Sprintf(`
WITH first AS (
	SELECT DISTINCT ON (id COLLATE "C") n, id, %[4]s FROM thalamus_load AS l
	WHERE resource = '%[1]s' AND %[5]s AND NOT `+wasThere+` ORDER BY id COLLATE "C", n
), added AS (
	INSERT INTO %[2]s (id, %[3]s) SELECT id, %[4]s FROM first ON CONFLICT (id) DO NOTHING RETURNING id
)
SELECT n FROM thalamus_load WHERE resource = '%[1]s'
EXCEPT SELECT n FROM first JOIN added ON added.id = first.id`,
		g.Resource, g.Table, g.columns, g.values, g.ownerExists())
}

// compareStatement says of staged records whether they have an owner, whether the same is
// stored, NULL if nothing is, and whether there ever was a record of this id.
func (g loadTable) compareStatement() string {
	return fmt.Sprintf(`
SELECT n, COALESCE(%[2]s, false), stored.same, `+wasThere+` FROM unnest($1::int[]) AS asked (n) JOIN thalamus_load AS l USING (n)
LEFT JOIN LATERAL (SELECT COALESCE(%[3]s, false) AS same FROM %[1]s AS t WHERE t.id = l.id LIMIT 1) AS stored ON true`,
		g.Table, g.ownerExists(), g.sameContent())
}

// mergeStaged moves what is staged to its tables. Every statement sees what was
// committed before it.
func mergeStaged(ctx context.Context, tx pgx.Tx, rows []LoadRow, results []LoadResult) error {
	for _, info := range fed.ResourcesInOrder() {
		if err := mergeResource(ctx, tx, info, rows, results); err != nil {
			return err
		}
		if info.Resource != fed.Person {
			continue
		}
		if err := storePersonIDs(ctx, tx, rows); err != nil { // the persons are there now
			return err
		}
	}

	if hasAny(fed.Link, rows) {
		return mergeLinks(ctx, tx, results) // last: whoever has recorded one keeps others waiting
	}

	return nil
}

func hasAny(resource fed.Resource, rows []LoadRow) bool {
	return slices.ContainsFunc(rows, func(r LoadRow) bool { return r.Resource == resource })
}

func mergeResource(ctx context.Context, tx pgx.Tx, info fed.ResourceInfo, rows []LoadRow, results []LoadResult) error {
	if !hasAny(info.Resource, rows) {
		return nil
	}

	g := loadTableOf(info)
	found, _ := tx.Query(ctx, g.addStatement(), pgx.QueryExecModeExec)

	others, err := pgx.CollectRows(found, pgx.RowTo[int32])
	if err != nil || len(others) == 0 {
		return err
	}

	return g.compare(ctx, tx, others, results)
}

// storePersonIDs puts the stored id of a person in the place of one that nobody has as it
// is written, wherever a staged record is of that person; in the data of documents, too.
func storePersonIDs(ctx context.Context, tx pgx.Tx, rows []LoadRow) error {
	const q = `WITH spelled AS (
			SELECT literal, upper FROM unnest($1::text[], $2::text[]) AS s (literal, upper)
			WHERE NOT EXISTS (SELECT FROM people WHERE id = literal) AND EXISTS (SELECT FROM people WHERE id = upper)
		)
		UPDATE thalamus_load AS l SET
			person = COALESCE((SELECT upper FROM spelled WHERE literal = l.person), person),
			id = CASE l.resource WHEN 'link' THEN COALESCE((SELECT upper FROM spelled WHERE literal = l.id), id) ELSE id END,
			data = CASE l.resource WHEN 'document' THEN data || jsonb_build_object('fedacct', COALESCE((SELECT upper FROM spelled WHERE literal = l.person), person)) ELSE data END
		WHERE l.person IN (SELECT literal FROM spelled) OR l.resource = 'link' AND l.id IN (SELECT literal FROM spelled)`

	literals, uppers := lowercaseIDs(rows)
	if len(literals) == 0 {
		return nil
	}

	_, err := tx.Exec(ctx, q, pgx.QueryExecModeExec, literals, uppers)
	return err
}

// lowercaseIDs gives the ids of persons that records name and that upper case changes,
// and these in upper case.
func lowercaseIDs(rows []LoadRow) (literals, uppers []string) {
	seen := map[string]bool{}
	note := func(id string) {
		upper := record.Upper(id)
		if upper == id || seen[id] {
			return
		}
		seen[id] = true
		literals, uppers = append(literals, id), append(uppers, upper)
	}
	for _, row := range rows {
		note(row.Person)
		if row.Resource == fed.Link {
			note(row.ID)
		}
	}

	return literals, uppers
}

// compare settles the results of records that were not added.
func (g loadTable) compare(ctx context.Context, tx pgx.Tx, others []int32, results []LoadResult) error {
	var n int32
	var owned, was bool
	var same *bool
	rows, _ := tx.Query(ctx, g.compareStatement(), pgx.QueryExecModeExec, others)
	_, err := pgx.ForEachRow(rows, []any{&n, &owned, &same, &was}, func() error {
		switch {
		case !owned:
			results[n] = LoadResult{LoadRefused, missingOwner(g.ResourceInfo)}
		case same == nil && was:
			results[n] = LoadResult{LoadRefused, wasDeleted}
		case same == nil:
			return errVanished
		case *same:
			results[n] = LoadResult{Kind: LoadPresent}
		default:
			results[n] = LoadResult{LoadRefused, otherContent}
		}
		return nil
	})

	return err
}
