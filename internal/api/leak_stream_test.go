// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// failAfter puts a view in the place of a table whose last row cannot be read.
func (h *hub) failAfter(table, columns string, rows int) {
	h.t.Helper()
	h.db.Exec(fmt.Sprintf(`ALTER TABLE %[1]s RENAME TO real_%[1]s;
		CREATE VIEW %[1]s AS SELECT * FROM real_%[1]s UNION ALL
		SELECT %[2]s FROM generate_series(1, %[3]d) AS n,
		LATERAL (SELECT jsonb_build_object('n', n, 'bulk', repeat('x', 1000), 'fault', 1 / (%[3]d - n))) AS r (data)`,
		table, columns, rows))
}

// A shorter list would look like people who do not exist.
func TestAListThatFailsHalfwayIsCutOff(t *testing.T) {
	t.Parallel()
	const enough = 2000 // kilobytes: far more than is held back before sending
	for path, view := range map[string][2]string{
		"/people":            {"people", `('row ' || n)::varchar, data, NULL, 1, NULL, NULL, NULL`},
		"/pols/ESPGNU777ORG": {"pols", `('row ' || n)::varchar, 'ESPGNU777ORG', data, NULL, 1, NULL`},
	} {
		t.Run(view[0], func(t *testing.T) {
			t.Parallel()
			h := logHub(t)
			h.failAfter(view[0], view[1], enough)
			a, err := try(h.request(root, "GET", path, ""))
			if !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(fmt.Sprint(err), "reset") {
				t.Errorf("%d bytes came to an end with error %v", len(a.body), err)
			}
			if a.StatusCode != http.StatusOK || len(a.body) < 100_000 || json.Valid([]byte(a.body)) || strings.Contains(a.body, "error") {
				t.Errorf("status %d, %d bytes ending with %.80s", a.StatusCode, len(a.body), a.body[max(0, len(a.body)-80):])
			}
			if cause, _ := h.entryOf(a)["error"].(string); !strings.Contains(cause, "division by zero") {
				t.Errorf("the log tells %q", cause)
			}
		})
	}
}

func TestAListThatFailsBeforeAnythingWasSentIsAFault(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	h.failAfter("people", `('row ' || n)::varchar, data, NULL, 1, NULL, NULL, NULL`, 3)
	h.checkNeutral(h.do(root, "GET", "/people", "").want(t, http.StatusInternalServerError))
}

func TestAListWhoseDatabaseGoesAwayIsCutOff(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	h.db.Exec(`INSERT INTO institutions SELECT 'bulk ' || n, jsonb_build_object('bulk', repeat('x', 100000)) FROM generate_series(1, 400) AS n`)
	reply, err := plainClient.Do(h.request(root, "GET", "/institutions", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	h.db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'thalamus'`) // more is to come than networks hold
	if body, err := io.ReadAll(reply.Body); err == nil || reply.StatusCode != http.StatusOK {
		t.Errorf("status %d, %d bytes came to a good end", reply.StatusCode, len(body))
	}
}
