// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// schemaToMigrate gives the schema that a connection works in, if the migrations can be written for it.
func schemaToMigrate(ctx context.Context, conn *pgx.Conn) (schema string, err error) {
	const q = `SELECT COALESCE(current_schema()::text, ''), COALESCE(quote_ident(current_schema()::text), '')`
	var written string
	err = conn.QueryRow(ctx, q).Scan(&schema, &written)

	switch {
	case err != nil:
		return "", fmt.Errorf("look for the schema of the tables: %w", err)
	case schema == "":
		return "", errors.New("there is no schema for the tables: search_path, of the database's URL or of this database user, must name one that is there, and that this user may use")
	case schema != written:
		return "", fmt.Errorf("the schema %s needs a name of small letters, digits and underscores, which is no word of SQL", written)
	}
	return schema, nil
}

// OpenSchema gives the name of the schema of the tables if every database user may put things into it,
// as was usual up to PostgreSQL 14: operators, too, which statements of others then use instead of
// PostgreSQL's own. It is "" if nobody else may.
func (db *DB) OpenSchema(ctx context.Context) (schema string, err error) {
	const q = `SELECT COALESCE((SELECT nspname::text FROM pg_namespace WHERE nspname = current_schema() AND ` + isOpen + `), '')`
	err = db.pool.QueryRow(ctx, q).Scan(&schema)
	return schema, classify(err)
}

// isOpen is whether everybody may create things in a schema of pg_namespace.
const isOpen = `EXISTS (SELECT FROM aclexplode(nspacl) AS granted WHERE granted.grantee = 0 AND granted.privilege_type = 'CREATE')`

// closeSchema takes that right from the public, where this database user may do so, and
// refuses to go on among what others have put there already.
func closeSchema(ctx context.Context, conn *pgx.Conn, schema string) error {
	const trusting = `SET LOCAL search_path = pg_catalog, pg_temp`
	const q = `SELECT ` + isOpen + ` AND pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = $1`
	var closable bool

	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, trusting); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, q, schema).Scan(&closable); err != nil {
			return fmt.Errorf("look who may create in schema %s: %w", schema, err)
		}

		if closable {
			if _, err := tx.Exec(ctx, `REVOKE CREATE ON SCHEMA `+quoted(schema)+` FROM PUBLIC`); err != nil {
				return fmt.Errorf("take the right to create in schema %s from the public: %w", schema, err)
			}
		}

		return refuseForeign(ctx, tx, schema)
	})
}

// refuseForeign finds operators of others, and functions that are called like some of
// PostgreSQL's own: those which are a better fit for the types would be run with our rights.
// Objects of superusers, as those of extensions, are allowed: superusers can do all that
// anyway.
func refuseForeign(ctx context.Context, tx pgx.Tx, schema string) error {
	const q = `WITH others AS (SELECT oid FROM pg_roles WHERE NOT rolsuper AND rolname <> current_user),
			here AS (SELECT oid FROM pg_namespace WHERE nspname = $1)
		SELECT 'OPERATOR ' || oid::regoperator FROM pg_operator WHERE oprnamespace IN (SELECT oid FROM here) AND oprowner IN (SELECT oid FROM others)
		UNION ALL SELECT 'ROUTINE ' || oid::regprocedure FROM pg_proc WHERE pronamespace IN (SELECT oid FROM here) AND proowner IN (SELECT oid FROM others)
			AND proname IN (SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace) ORDER BY 1`

	rows, _ := tx.Query(ctx, q, schema)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for what others have put into schema %s: %w", schema, err)
	}
	if len(found) > 0 {
		return fmt.Errorf("other database users have put into schema %s what could be run with your rights instead of PostgreSQL's own; look who, and then: DROP %s",
			schema, strings.Join(found, "; DROP "))
	}

	return nil
}
