// SPDX-License-Identifier: GPL-3.0-or-later

// Package migrations holds the steps that make a database fit for this server.
// They only add, so that the Python server still runs on the same database.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed [0-9]*.sql
var files embed.FS

// Grants are the rights of a server's database user who owns nothing, thalamus, in statements for
// the owner of the tables.
//
//go:embed grants.sql
var Grants string

// Migration is one numbered step: file 0001_name.sql is number 1.
type Migration struct {
	Number   int
	Name     string // without number and ending
	SQL      string // calls the schema public
	Checksum string // SHA-256 of SQL, hexadecimal
}

// public is the name of the schema in the files; the role of that name is written in capitals.
var public = regexp.MustCompile(`\bpublic\b`)

// Statements gives the step's statements for a schema, whose name needs no quotes. They are run in order,
// one at a time, in one transaction.
func (m Migration) Statements(schema string) []string {
	return statements(public.ReplaceAllString(m.SQL, schema))
}

// All gives the embedded steps in order. A gap or a double is an error.
func All() ([]Migration, error) { return read(files) }

func read(dir fs.FS) ([]Migration, error) {
	names, err := fs.Glob(dir, "*.sql") // sorted
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	all := make([]Migration, 0, len(names))
	for i, name := range names {
		sql, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		number, rest, _ := strings.Cut(strings.TrimSuffix(name, ".sql"), "_")
		if number != fmt.Sprintf("%04d", i+1) || rest == "" {
			return nil, fmt.Errorf("migration %s is not %04d_name.sql: a gap or a double", name, i+1)
		}
		sum := sha256.Sum256(sql)
		all = append(all, Migration{Number: i + 1, Name: rest, SQL: string(sql), Checksum: hex.EncodeToString(sum[:])})
	}
	return all, nil
}
