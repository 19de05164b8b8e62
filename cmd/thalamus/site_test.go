// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	_ "embed"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// site is a database of the Python server with its roles file, and the
// environment that serves it.
type site struct {
	url     string
	environ []string
}

func siteAt(url string) site {
	return site{url, []string{
		"THALAMUS_DATABASE_URL=" + url, "THALAMUS_SERVER_LISTEN=127.0.0.1:0",
		"THALAMUS_ACCESS_ROLES=../../etc/roles.cfg", "THALAMUS_PASSWORDS_COST=10",
		"THALAMUS_SERVER_DRAIN_DELAY=0s",
	}}
}

// pythonSite has the five tables as the Python server has them.
func pythonSite(t *testing.T) site {
	t.Helper()
	return siteAt(python.URL(t))
}

// migratedSite is a pythonSite that was taken over.
func migratedSite(t *testing.T) site {
	t.Helper()
	return siteAt(takenOver.URL(t))
}

var (
	python    = testdb.Filled{Name: "python", Empty: true, Fill: fillPython}
	takenOver = testdb.Filled{Name: "taken_over", Empty: true, Fill: func(db *testdb.DB) {
		fillPython(db)

		var out strings.Builder
		err := run(context.Background(), []string{"migrate"}, environment{stdout: &out, stderr: &out, environ: siteAt(db.URL).environ})
		if err != nil {
			panic(err)
		}
	}}
)

// fixture has records whose hashes cost next to nothing.
//
//go:embed testdata/fixture.json
var fixture string

func fillPython(db *testdb.DB) {
	for _, table := range pythonTables {
		db.Exec(table)
	}
	for _, load := range pythonRows {
		db.Exec(load, fixture)
	}
}

var pythonTables = []string{
	`CREATE TABLE people (id varchar PRIMARY KEY, data jsonb)`,
	`CREATE TABLE pols (id varchar PRIMARY KEY, book varchar REFERENCES people (id), data jsonb)`,
	`CREATE TABLE personal_docs (id varchar PRIMARY KEY, fedacct varchar REFERENCES people (id),
		pol varchar REFERENCES pols (id), document bytea, data jsonb)`,
	`CREATE TABLE dus (id varchar PRIMARY KEY, data jsonb)`,
	`CREATE TABLE institutions (id varchar PRIMARY KEY, data jsonb)`,
}

var pythonRows = []string{
	`INSERT INTO people SELECT id, NULLIF(data, 'null') FROM jsonb_to_recordset($1::jsonb -> 'people') AS x (id text, data jsonb)`,
	`INSERT INTO pols SELECT id, book, data FROM jsonb_to_recordset($1::jsonb -> 'pols') AS x (id text, book text, data jsonb)`,
	`INSERT INTO personal_docs SELECT id, fedacct, pol, decode(document_b64, 'base64'), data
		FROM jsonb_to_recordset($1::jsonb -> 'personal_docs') AS x (id text, fedacct text, pol text, document_b64 text, data jsonb)`,
	`INSERT INTO dus SELECT id, data FROM jsonb_to_recordset($1::jsonb -> 'dus') AS x (id text, data jsonb)`,
	`INSERT INTO institutions SELECT id, data FROM jsonb_to_recordset($1::jsonb -> 'institutions') AS x (id text, data jsonb)`,
}
