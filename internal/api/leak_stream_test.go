// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// failAfter puts a view in the place of a table whose last row cannot be read.
func (h *hub) failAfter(table, columns string, rows int) {
	h.T.Helper()
	h.DB.Exec(fmt.Sprintf(`ALTER TABLE %[1]s RENAME TO real_%[1]s;
		CREATE VIEW %[1]s AS SELECT * FROM real_%[1]s UNION ALL
		SELECT %[2]s FROM generate_series(1, %[3]d) AS n,
		LATERAL (SELECT jsonb_build_object('n', n, 'bulk', repeat('x', 1000), 'fault', 1 / (%[3]d - n))) AS r (data)`,
		table, columns, rows))
}

// A shorter list would look like people who do not exist. A table can only be renamed
// while no statement of the list has it, and so this ends only if none waits for its reader.
func TestAListThatFailsHalfwayIsCutOff(t *testing.T) {
	t.Parallel()
	const long = `SELECT 'bulk ' || n, %s jsonb_build_object('bulk', repeat('x', 100000)) FROM generate_series(1, 200) AS n` // more than networks hold
	for path, insert := range map[string]string{
		"/people":            `INSERT INTO people (id, data) ` + fmt.Sprintf(long, ``),
		"/pols/ESPGNU777ORG": `INSERT INTO pols (id, book, data) ` + fmt.Sprintf(long, `'ESPGNU777ORG',`),
		"/institutions":      `INSERT INTO institutions (id, data) ` + fmt.Sprintf(long, ``),
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			h := logHub(t)
			h.DB.Exec(insert)
			reply, err := testhub.Client.Do(h.Request(root, "GET", path, ""))
			if err != nil {
				t.Fatal(err)
			}
			defer reply.Body.Close()
			h.DB.Exec(`ALTER TABLE ` + strings.Fields(insert)[2] + ` RENAME TO gone`)
			body, err := io.ReadAll(reply.Body)
			if err == nil || reply.StatusCode != http.StatusOK || len(body) < 100_000 || json.Valid(body) || bytes.Contains(body, []byte("error")) {
				t.Errorf("status %d, %d bytes, error %v", reply.StatusCode, len(body), err)
			}
			if cause, _ := h.EntryOf(testhub.Answer{Response: reply, Text: ""})["error"].(string); !strings.Contains(cause, "does not exist") {
				t.Errorf("the log tells %q", cause)
			}
		})
	}
}

func TestAListThatFailsBeforeAnythingWasSentIsAFault(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	h.failAfter("people", `('row ' || n)::varchar, data, NULL, 1, NULL, NULL, NULL`, 3)
	h.checkNeutral(h.Do(root, "GET", "/people", "").Want(t, http.StatusInternalServerError))
}
