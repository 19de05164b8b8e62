// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "context"

// MissingGrants lists what a server asks of the database and this database user may not do,
// as "SELECT on people"; with retention also what cutting the feed takes. An upgrade
// brings tables and functions that nobody has been granted yet.
func (db *DB) MissingGrants(ctx context.Context, retention bool) (rights []string, err error) {
	const q = `SELECT privilege || ' on ' || name FROM (
		SELECT name, privilege, has_table_privilege(name, privilege) AS held
		FROM unnest($2::text[] || '{thalamus_session,thalamus_visit,thalamus_reset,thalamus_duplicates,thalamus_followers,thalamus_statistics,thalamus_statistics_state}'::text[]) AS name,
			unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) AS privilege
		UNION ALL
		SELECT name, privilege, has_table_privilege(name, privilege)
		FROM unnest('{thalamus_consents,thalamus_emergencies}'::text[]) AS name, unnest('{SELECT,INSERT,UPDATE}'::text[]) AS privilege
		UNION ALL
		SELECT name, 'SELECT', has_table_privilege(name, 'SELECT')
		FROM unnest('{thalamus_changes,thalamus_feed,thalamus_feed_state,thalamus_name_words,thalamus_links,thalamus_access,thalamus_access_files,thalamus_private}'::text[]) AS name
		UNION ALL
		SELECT proname, 'EXECUTE', has_function_privilege(oid, 'EXECUTE')
		FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
			AND (proname IN ('thalamus_link', 'thalamus_unlink', 'thalamus_access_copy') OR $1 AND proname = 'thalamus_cut')
	) AS needed WHERE NOT held ORDER BY name, privilege`

	rows, _ := db.pool.Query(ctx, q, retention, tables())
	var right string
	err = forEach(rows, []any{&right}, func() error {
		rights = append(rights, right)
		return nil
	})

	return rights, err
}
