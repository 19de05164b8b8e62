// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// PublicMayCreate reports whether every database user may put things into the schema of
// the tables, as was usual up to PostgreSQL 14: operators, too, which statements of others
// then use instead of PostgreSQL's own.
func (db *DB) PublicMayCreate(ctx context.Context) (may bool, err error) {
	err = db.pool.QueryRow(ctx, publicMayCreate).Scan(&may)
	return may, classify(err)
}

const publicMayCreate = `SELECT EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) AS granted
	WHERE nspname = 'public' AND granted.grantee = 0 AND granted.privilege_type = 'CREATE')`

// closeSchema takes that right from the public, where this database user may do so, and
// refuses to go on among what others have put there already.
func closeSchema(ctx context.Context, conn *pgx.Conn) error {
	const trusting = `SET LOCAL search_path = pg_catalog, pg_temp`
	const revoke = `DO $$ BEGIN
		IF (` + publicMayCreate + ` AND pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE')) THEN
			REVOKE CREATE ON SCHEMA public FROM PUBLIC;
		END IF;
	END $$`

	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, trusting); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, revoke); err != nil {
			return fmt.Errorf("take the right to create in schema public from the public: %w", err)
		}

		return refuseForeign(ctx, tx)
	})
}

// refuseForeign finds operators of others, and functions that are called like some of
// PostgreSQL's own: those which are a better fit for the types would be run with our rights.
// Objects of superusers, as those of extensions, are allowed: superusers can do all that
// anyway.
func refuseForeign(ctx context.Context, tx pgx.Tx) error {
	const q = `SELECT 'OPERATOR ' || oid::regoperator FROM pg_operator WHERE oprnamespace = 'public'::regnamespace AND oprowner IN (SELECT oid FROM others)
		UNION ALL SELECT 'ROUTINE ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner IN (SELECT oid FROM others)
			AND proname IN (SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace) ORDER BY 1`

	const others = `WITH others AS (SELECT oid FROM pg_roles WHERE NOT rolsuper AND rolname <> current_user) `
	rows, _ := tx.Query(ctx, others+q)

	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for what others have put into schema public: %w", err)
	}
	if len(found) > 0 {
		return fmt.Errorf("other database users have put into schema public what could be run with your rights instead of PostgreSQL's own; look who, and then: DROP %s", strings.Join(found, "; DROP "))
	}

	return nil
}
