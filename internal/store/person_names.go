// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "context"

// Names adds the names of these persons, by their ids: name and last name as one text.
// Persons without a name, and ids of nobody, are left out.
func (db *DB) Names(ctx context.Context, ids []string, names map[string]string) error {
	const q = `SELECT id, full_name FROM (
			SELECT id, concat_ws(' ', NULLIF(data ->> 'name', ''), NULLIF(data ->> 'lastname', '')) AS full_name
			FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object'
		) AS named WHERE full_name <> ''`
	return db.addNames(ctx, q, ids, names)
}
