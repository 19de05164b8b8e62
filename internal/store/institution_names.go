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
	if len(ids) == 0 {
		return nil
	}

	rows, _ := db.pool.Query(ctx, q, ids)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[InstitutionName])
	for _, one := range found {
		names[one.ID] = one.Name
	}
	return classify(err)
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
