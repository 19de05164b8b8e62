// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// takeSettings gives the settings of each connection, with the search_path that the database's URL asks
// for. That is no more set in the connection's start: poolers refuse unknown settings there.
func takeSettings(config *pgx.ConnConfig) string {
	path := `NULL` // that of the database user
	given, ok := config.RuntimeParams["search_path"]
	if ok {
		path = `'` + strings.ReplaceAll(given, `'`, `''`) + `'`
		delete(config.RuntimeParams, "search_path")
	}

	return fmt.Sprintf(oneSchema, path) + common
}

// oneSchema leaves one schema of a search_path: the one that has the tables, or the first that there is.
// Nothing that others could have put into one of these schemas is run.
const oneSchema = `SELECT pg_catalog.set_config('search_path', %s, false);
	SELECT pg_catalog.set_config('search_path', COALESCE(
		(SELECT relnamespace::pg_catalog.regnamespace::pg_catalog.text FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('people')::pg_catalog.oid),
		pg_catalog.quote_ident(pg_catalog.current_schema()::pg_catalog.text), ''), false);
	`

// common are the settings that every statement here needs. The last one is of PostgreSQL's memory: until
// something large was freed, glibc may give what a statement used back to the kernel, and take it again for the
// next one. It depends on the first allocations of a connection whether a list of a hundred persons costs
// ten page faults or none.
const common = `SET jit = off; -- compiling takes longer than any statement here
	SET plan_cache_mode = force_generic_plan; -- what is asked here has one good plan, whatever the values
	SELECT pg_catalog.length(pg_catalog.repeat(' ', 524288)); -- keeps as much twice over
	`

// prepare makes settings on each new connection, after its start.
func prepare(settings string) pgconn.AfterConnectFunc {
	return func(ctx context.Context, conn *pgconn.PgConn) error {
		_, err := conn.Exec(ctx, settings).ReadAll()
		return err
	}
}
