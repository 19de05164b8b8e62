// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/bcrypt"
)

// nodeAccount is a hospital's, which may do everything; phoneAccount gives those of patients.
const (
	nodeAccount = "NODE"
	password    = "gnusolidario"
)

func phoneAccount(n int) string { return fmt.Sprintf("PHONE%d", n) }

// found makes the database of the federation, with its accounts.
func (c *cluster) found() {
	c.t.Helper()
	c.exec(c.url("postgres", "postgres"), `CREATE ROLE thalamus LOGIN PASSWORD 'SECRET'`)
	c.exec(c.url("postgres", "postgres"), `CREATE DATABASE federation OWNER thalamus`)

	c.await("the database is on the standbys, and migrated", c.migrate)
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		c.t.Fatal(err)
	}
	accounts := map[string]string{nodeAccount: "root", phoneAccount(1): "end_user", phoneAccount(2): "end_user"}
	for account, role := range accounts {
		c.exec(c.url("thalamus", "federation"), `INSERT INTO people (id, data) VALUES ($1::text,
			jsonb_build_object('id', $1::text, 'roles', jsonb_build_array($2::text), 'active', true, 'password', $3::text))`, account, role, string(hash))
	}
}

// migrate reports whether the federation is migrated.
func (c *cluster) migrate() bool {
	cmd := program("migrate")
	cmd.Env = environ(c.url("thalamus", "federation"))
	said, err := cmd.CombinedOutput()
	write(c.t, filepath.Join(c.dir, "migrate.log"), string(said), nil)
	return err == nil
}

// connect gives a connection to the primary; the caller closes it.
func (c *cluster) connect(url string) *pgx.Conn {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		c.t.Fatal(err)
	}
	return conn
}

func (c *cluster) exec(url, sql string, args ...any) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	conn := c.connect(url)
	defer func() { _ = conn.Close(ctx) }()

	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		c.t.Fatalf("%.100s: %v", sql, err)
	}
}
