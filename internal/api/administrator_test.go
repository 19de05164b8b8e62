// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/access"
)

// asAdministratorNoMore are requests after which root could not administer accounts.
var asAdministratorNoMore = []string{
	`{"active":false}`, `{"roles":["end_user"]}`, `{"roles":[]}`, `{"roles":"end_user, health_professional"}`, `{"password":null}`, `{"password":""}`,
	`{"name":"x","active":false,"password":"a better password"}`,
}

func TestTheLastAdministratorIsKept(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`DELETE FROM people WHERE id = 'MIXEDROLE1'`) // the other one of the fixture
	path := "/people/" + root[0]
	for _, body := range asAdministratorNoMore {
		for _, spelling := range []string{path, strings.ToLower(path)} {
			a := h.Do(root, "PATCH", spelling, body)
			a.WantError(t, http.StatusConflict)
			if !strings.Contains(a.Text, "last account that can administer") {
				t.Errorf("%s: %s", body, a.Text)
			}
		}
	}
	h.Do(root, "DELETE", path, "").WantError(t, http.StatusUnprocessableEntity)
	h.Do(root, "POST", path, `{"roles":["end_user"]}`).WantError(t, http.StatusUnprocessableEntity)
	h.Do(root, "PATCH", path, `{"name":"x","roles":["root","end_user"],"active":true,"password":"a better password"}`).Want(t, http.StatusOK)

	second := h.Enrol("SECOND", "root")
	h.Do(second, "PATCH", path, `{"active":false,"password":"some other password"}`).Want(t, http.StatusOK)
	h.Do(second, "DELETE", path, "").Want(t, http.StatusNoContent)
	h.Do(second, "PATCH", "/people/SECOND", `{"active":false}`).WantError(t, http.StatusConflict)
}

// An administrator is who has a role that grants it in the file in force.
func TestTheRolesFileInForceSaysWhoAdministers(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	registrar := h.Enrol("REGISTRAR", "registrar")
	policy, _, err := access.Parse([]byte(`[
		{"role": "root", "permissions": {"PATCH": ["person"], "global": "True"}},
		{"role": "registrar", "permissions": {"PATCH": ["person", "roles"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h.Do(registrar, "PATCH", "/people/REGISTRAR", `{"name":"x"}`).WantError(t, http.StatusForbidden)
	h.SetPolicy(policy)
	h.Do(registrar, "PATCH", "/people/REGISTRAR", `{"active":false}`).WantError(t, http.StatusConflict)
	h.Do(registrar, "PATCH", "/people/"+root[0], `{"active":false}`).Want(t, http.StatusOK)
}
