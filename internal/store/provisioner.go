// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/pg"
)

// Provisioner makes a database in a PostgreSQL on this machine, and the user to whom it belongs.
type Provisioner struct {
	Superuser      string // the URL of PostgreSQL's own database, as its superuser
	User, Database string
}

// IsProvisioned reports whether there is such a user, and such a database of this user's.
func (h Provisioner) IsProvisioned(ctx context.Context) (bool, error) {
	conn, err := h.open(ctx)
	if err != nil {
		return false, err
	}
	defer closeConnection(ctx, conn)

	user, owner, err := h.inspect(ctx, conn)
	return user && owner == h.User, err
}

// Provision makes what is missing of them. A database that is somebody else's stays theirs.
func (h Provisioner) Provision(ctx context.Context) error {
	conn, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer closeConnection(ctx, conn)

	user, owner, err := h.inspect(ctx, conn)
	if err != nil {
		return err
	}

	if owner != "" && owner != h.User {
		return fmt.Errorf("the database %s belongs to %s; give its URL, as that user", h.Database, owner)
	}

	if !user {
		if _, err := conn.Exec(ctx, `CREATE ROLE `+quoted(h.User)+` LOGIN`); err != nil {
			return err
		}
	}

	if owner != "" {
		return nil
	}

	return h.create(ctx, conn)
}

// create makes the database, with an order of texts that no upgrade of the system changes, and
// where nobody else makes anything: before version 15 everybody might.
func (h Provisioner) create(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `CREATE DATABASE `+quoted(h.Database)+` OWNER `+quoted(h.User)+
		` ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0`)
	if err != nil {
		return err
	}

	config := conn.Config()
	config.Database = h.Database

	inside, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer closeConnection(ctx, inside)

	_, err = inside.Exec(ctx, `REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO `+quoted(h.User))
	return err
}

func (h Provisioner) open(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pg.Connect(ctx, h.Superuser)
	if err != nil {
		return nil, unreachable(err)
	}
	return conn, nil
}

// inspect tells whether the user may log in, and whose the database is; "" if there is none.
func (h Provisioner) inspect(ctx context.Context, conn *pgx.Conn) (user bool, owner string, err error) {
	const q = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolcanlogin),
		COALESCE((SELECT rolname FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = $2), '')`
	err = conn.QueryRow(ctx, q, h.User, h.Database).Scan(&user, &owner)
	return user, owner, err
}

// quoted is a name as it stands in a statement.
func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
