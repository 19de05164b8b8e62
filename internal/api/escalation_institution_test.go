// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"testing"
)

// Whoever belongs to an institution reads the pages that it wrote.
func TestNobodyEntersAnInstitutionWithoutTheGrant(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	clinic := h.Enrol("CLINIC", "health_professional")
	h.DB.Exec(`UPDATE people SET data = data || '{"institution": "NORTH"}' WHERE id = 'CLINIC'`)
	for _, body := range []string{`{"institution": "SOUTH"}`, `{"institution": null}`, `{"institution": ["NORTH"]}`, `{"\u0069nstitution": "SOUTH"}`} {
		h.resist(
			attempt{clinic, "PATCH", "/people/CLINIC", body, http.StatusForbidden},
			attempt{cameron, "PATCH", "/people/CLINIC", body, http.StatusForbidden},
		)
	}
	h.resist(
		attempt{ana, "PATCH", "/people/" + ana[0], `{"institution": "NORTH"}`, http.StatusForbidden},
		attempt{cameron, "POST", "/people/NEWDOCTOR", `{"institution": "NORTH"}`, http.StatusForbidden},
	)
	for _, a := range []attempt{
		{cameron, "POST", "/people/NEWDOCTOR", `{"institution": null}`, http.StatusCreated},
		{clinic, "PATCH", "/people/CLINIC", `{"institution": "NORTH", "name": "the same again"}`, http.StatusOK},
		{root, "PATCH", "/people/CLINIC", `{"institution": "SOUTH"}`, http.StatusOK},
		{root, "POST", "/people/ANOTHER", `{"institution": "NORTH"}`, http.StatusCreated},
	} {
		h.Do(a.account, a.method, a.path, a.body).Want(t, a.status)
	}
}
