// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	_ "embed"
	"strings"
	"testing"

	"thalamus/internal/auth"
	"thalamus/internal/testdb"
)

// The accounts of the fixture, with their passwords.
var (
	Ana       = []string{"ESPGNU777ORG", "gnusolidario"} // end_user
	Other     = []string{"FRAOTH001EUS", "otherpass1"}   // end_user
	Cameron   = []string{"ITAPYT999HON", "gnusolidario"} // health_professional
	Root      = []string{"ARGBUE111FAV", "freedom"}      // Root
	Nobody    = []string(nil)
	BirthPage = "119b352e-8e4f-4847-9f05-53462cf94f10"
)

// Small is a person's id as a phone's keyboard or a node's clerk writes it.
func Small(account []string) string { return strings.ToLower(account[0]) }

// DefaultCost is that of the hashes of a hub that is not quick.
const DefaultCost = 12

//go:embed testdata/fixture.json
var fixture []byte

// Fixture is the database that most tests begin with.
var Fixture = testdb.Filled{Name: "fixture", Fill: loadFixture}

// QuickFixture is the fixture with cheap hashes of the same passwords.
var QuickFixture = testdb.Filled{Name: "quick_fixture", Fill: func(db *testdb.DB) {
	loadFixture(db)

	for _, account := range [][]string{Ana, Cameron, Root} {
		hash, err := auth.Hash(account[1], 4)
		if err != nil {
			panic(err)
		}
		db.Exec(`UPDATE people SET data = data || jsonb_build_object('password', $2::text) WHERE id = $1`, account[0], hash)
	}
}}

func loadFixture(db *testdb.DB) {
	for _, load := range []string{
		`INSERT INTO people (id, data) SELECT id, NULLIF(data, 'null')
			FROM jsonb_to_recordset($1::jsonb -> 'people') AS x (id text, data jsonb)`,
		`INSERT INTO pols (id, book, data) SELECT id, book, data
			FROM jsonb_to_recordset($1::jsonb -> 'pols') AS x (id text, book text, data jsonb)`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT id, fedacct, pol, decode(document_b64, 'base64'), data
			FROM jsonb_to_recordset($1::jsonb -> 'personal_docs') AS x (id text, fedacct text, pol text, document_b64 text, data jsonb)`,
		`INSERT INTO dus (id, data) SELECT id, data FROM jsonb_to_recordset($1::jsonb -> 'dus') AS x (id text, data jsonb)`,
		`INSERT INTO institutions (id, data) SELECT id, data FROM jsonb_to_recordset($1::jsonb -> 'institutions') AS x (id text, data jsonb)`,
	} {
		db.Exec(load, string(fixture))
	}

	db.Exec(`INSERT INTO thalamus_statistics VALUES ('person', '', NULL, 'active', 3, 3)`) // what was counted some time ago
	db.Exec(`UPDATE thalamus_statistics_state SET counted = now()`)
}

// Enrol adds an account with these roles and gives its credentials.
func (h *Hub) Enrol(id string, roles ...string) (account []string) {
	h.T.Helper()
	const password = "enrolled with"
	h.DB.Exec(`INSERT INTO people VALUES ($1::text, jsonb_build_object('id', $1::text, 'roles', $2::text[], 'password', $3::text))`,
		id, roles, QuickHash(h.T, password))
	return []string{id, password}
}

// QuickHash is a hash at the least cost.
func QuickHash(t testing.TB, password string) string {
	t.Helper()
	hash, err := auth.Hash(password, 4)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}
