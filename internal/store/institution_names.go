// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
)

// InstitutionName is what an institution is called.
type InstitutionName struct {
	ID, Name string // without a name: the id
}

// InstitutionNames adds the names of these institutions, by their ids. Ids of none are left out.
func (db *DB) InstitutionNames(ctx context.Context, ids []string, names map[string]string) error {
	const q = `SELECT id, COALESCE(NULLIF(data ->> 'name', ''), id) FROM institutions WHERE id = ANY ($1)`
	return db.addNames(ctx, q, ids, names)
}

// addNames adds the rows of a statement, each an id and a name.
func (db *DB) addNames(ctx context.Context, q string, ids []string, names map[string]string) error {
	if len(ids) == 0 {
		return nil
	}

	var id, name string
	rows, _ := db.pool.Query(ctx, q, ids)
	_, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	return classify(err)
}

// Workplaces adds the names of the institutions that accounts belong to, by the ids of the accounts.
func (db *DB) Workplaces(ctx context.Context, accounts []string, names map[string]string) error {
	const q = `SELECT p.id, COALESCE(NULLIF(i.data ->> 'name', ''), i.id) FROM people AS p JOIN institutions AS i ON i.id = p.data ->> 'institution'
		WHERE p.id = ANY ($1) AND jsonb_typeof(p.data) = 'object'`
	return db.addNames(ctx, q, accounts, names)
}

// FindInstitutions finds institutions by what somebody calls them: those with that id or name, or else so many of those
// whose names have the text in them.
func (db *DB) FindInstitutions(ctx context.Context, text string, most int) ([]InstitutionName, error) {
	const q = `SELECT id, COALESCE(NULLIF(data ->> 'name', ''), id) FROM institutions WHERE `
	rows, _ := db.pool.Query(ctx, q+`upper(id) = upper($1) OR upper(data ->> 'name') = upper($1) ORDER BY id LIMIT $2`, text, most)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[InstitutionName])
	if err != nil || len(found) > 0 {
		return found, classify(err)
	}

	part := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	rows, _ = db.pool.Query(ctx, q+`data ->> 'name' ILIKE $1 ORDER BY 2, id LIMIT $2`, part, most)
	found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[InstitutionName])
	return found, classify(err)
}
