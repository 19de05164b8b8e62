// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/testdb"
)

// wrongDigests counts documents whose digest is not that of their bytes.
const wrongDigests = `SELECT count(*)::text FROM personal_docs WHERE digest IS DISTINCT FROM sha512(document)`

func TestTheDigestIsThatOfTheBytesWhoeverWrites(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	db.Exec(`CREATE TABLE elsewhere AS SELECT repeat('x', 1 << 20)::bytea AS document`)
	for _, statement := range []string{
		`SELECT`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, digest, data) VALUES ('forged', 'A', '1', 'bytes', '\x00', '{"hash": "00"}')`,
		`UPDATE personal_docs SET digest = NULL WHERE id = 'x'`,
		`UPDATE personal_docs SET digest = sha512('others'), data = '{}' WHERE id = 'x'`,
		`UPDATE personal_docs SET document = 'others' WHERE id = 'x'`,
		`UPDATE personal_docs SET document = NULL WHERE id = 'x'`,
		`SET session_replication_role = replica; UPDATE personal_docs SET document = 'replicated' WHERE id = 'x'`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT 'moved', 'A', '1', document, '{}' FROM elsewhere`,
		`UPDATE personal_docs SET document = elsewhere.document FROM elsewhere WHERE id = 'x'`,
	} {
		db.Exec(statement)
		wantText(t, db.Text(wrongDigests), nil, "0")
	}
}

// A packed document would be unpacked from its start for each piece that is read.
func TestADocumentIsNeverPackedNorIsWhatHistoryKeepsOfIt(t *testing.T) {
	t.Parallel()
	db := newDocuments(t)
	db.Exec(`CREATE TABLE packed AS SELECT repeat('x', 1 << 20)::bytea AS document`)
	wantText(t, db.Text(`SELECT pg_column_compression(document) FROM packed`), nil, "pglz")
	db.Exec(`UPDATE personal_docs SET document = packed.document FROM packed WHERE id = 'x'`)
	db.Exec(`UPDATE personal_docs SET document = convert_to(repeat('y', 1 << 20), 'UTF8') WHERE id = 'x'`)
	db.Exec(`DELETE FROM personal_docs WHERE id = 'x'`)
	for table, want := range map[string]string{"personal_docs": "0", "thalamus_changes": "2"} {
		t.Run(table, func(t *testing.T) {
			wantText(t, db.Text(`SELECT count(pg_column_compression(document))::text FROM `+table), nil, "0")
			wantText(t, db.Text(`SELECT count(*)::text FROM `+table+` WHERE octet_length(document) = 1 << 20`), nil, want)
		})
	}
	if _, err := db.Restore(t.Context(), nobody, "document", "x", "1"); err != nil {
		t.Fatal(err)
	}
	wantText(t, db.Text(`SELECT count(pg_column_compression(document))::text FROM personal_docs`), nil, "0")
	wantText(t, db.Text(wrongDigests), nil, "0")
}

func TestDocumentsOfThePythonServerGetTheirDigestAndAreUnpacked(t *testing.T) {
	t.Parallel()
	db := testdb.At(t, testdb.Empty(t))
	db.Exec(pythonTables)
	db.Exec(pythonRows)
	db.Exec(`INSERT INTO personal_docs SELECT 'large', 'ESPGNU777ORG', 'p1', repeat('x', 1 << 20)::bytea, '{"hash": "wrong"}'`)
	before := db.Text(pythonContent)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantText(t, db.Text(pythonContent), nil, before)
	wantText(t, db.Text(wrongDigests), nil, "0")
	wantText(t, db.Text(`SELECT count(pg_column_compression(document))::text FROM personal_docs`), nil, "0")
	wantText(t, db.Text(`SELECT string_agg(version::text, ' ') FROM personal_docs`), nil, "1 1 1")
}
