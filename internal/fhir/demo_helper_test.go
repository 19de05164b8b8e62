// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import "os"

// plantDemo adds the records of the demo federation, whose documents have no bytes here.
func (h *hub) plantDemo() {
	h.T.Helper()
	for _, c := range []struct{ file, load string }{ // persons before their books, books before their documents
		{"people", `INSERT INTO people (id, data) SELECT r ->> 'id', r FROM records ON CONFLICT DO NOTHING`},
		{"pages", `INSERT INTO pols (id, book, data) SELECT r ->> 'id', r ->> 'book', r FROM records ON CONFLICT DO NOTHING`},
		{"documents", `INSERT INTO personal_docs (id, fedacct, pol, data) SELECT r ->> 'id', r ->> 'fedacct', r ->> 'pol', r FROM records ON CONFLICT DO NOTHING`},
		{"units", `INSERT INTO dus (id, data) SELECT r ->> 'id', r FROM records ON CONFLICT DO NOTHING`},
		{"institutions", `INSERT INTO institutions (id, data) SELECT r ->> 'id', r FROM records ON CONFLICT DO NOTHING`},
	} {
		text, err := os.ReadFile("../demo/data/" + c.file + ".json")
		if err != nil {
			h.T.Fatal(err)
		}
		h.DB.Exec(`WITH records AS (SELECT jsonb_array_elements($1::jsonb) AS r) `+c.load, string(text))
	}
}
