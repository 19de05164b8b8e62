// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"thalamus/internal/testhub"
)

// otherRoles is bodies that would make a change to the roles of an end user.
var otherRoles = []string{
	`{"roles":["root"]}`, `{"roles":["end_user","root"]}`, `{"roles":["end_user","end_user"]}`, `{"roles":[]}`, `{"roles":[["root"]]}`,
	`{"roles":"root"}`, `{"roles":"end_user, root"}`, `{"roles":""}`, `{"roles":{"root":true}}`, `{"roles":7}`, `{"roles":true}`,
	`{"roles":["end_user"],"roles":["root"]}`, `{"ro\u006ces":["root"]}`, `{"roles":["end_user"],"\u0072\u006f\u006c\u0065\u0073":["root"]}`,
	`{"roles":["end_user",null]}`, `{"roles":["ro\u006ft"]}`,
}

func TestNobodyGivesRolesWithoutTheGrant(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, body := range otherRoles {
		h.resist(
			attempt{ana, "PATCH", "/people/" + ana[0], body, http.StatusForbidden},
			attempt{cameron, "PATCH", "/people/" + cameron[0], body, http.StatusForbidden},
			attempt{cameron, "PATCH", "/people/" + ana[0], body, http.StatusForbidden},
			attempt{cameron, "POST", fmt.Sprintf("/people/NEW%d", i), body, http.StatusForbidden},
		)
	}
	h.isNoRoot(ana)
	h.isNoRoot(cameron)
}

func TestRolesCannotBeRemovedWithoutTheGrant(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.resist(
		attempt{ana, "PATCH", "/people/" + ana[0], `{"roles":null}`, http.StatusForbidden},
		attempt{cameron, "PATCH", "/people/" + root[0], `{"roles":null}`, http.StatusForbidden},
		attempt{cameron, "PATCH", "/people/" + root[0], `{"roles":["end_user"]}`, http.StatusForbidden},
	)
}

// A key that only looks like roles is kept like any other, and gives nothing.
func TestKeysThatOnlyLookLikeRolesGiveNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, body := range []string{
		`{"Roles":["root"]}`, `{"ROLES":["root"]}`, `{"role":"root"}`, `{" roles":["root"]}`, `{"rοles":["root"]}`,
		`{"roles":["root"],"roles":["end_user"]}`, `{"data":{"roles":["root"]}}`,
	} {
		path := fmt.Sprintf("/people/NEW%d", i)
		h.resist(
			attempt{ana, "PATCH", "/people/" + ana[0], body, http.StatusOK},
			attempt{cameron, "POST", path, body, http.StatusCreated},
		)
	}
	h.isNoRoot(ana)
}

func TestRecordsOfOtherKindsMakeNoAccounts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const loot = `"roles":["root"],"active":true,"password":"$2b$04$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"`
	h.resist(
		attempt{ana, "POST", "/pols/" + ana[0] + "/" + root[0], `{"id":"` + root[0] + `",` + loot + `}`, http.StatusCreated},
		attempt{ana, "PATCH", "/pols/" + ana[0] + "/" + birthPage, `{` + loot + `}`, http.StatusOK},
		attempt{cameron, "POST", "/domiciliary-units/" + root[0], `{` + loot + `}`, http.StatusCreated},
		attempt{cameron, "PATCH", "/domiciliary-units/" + root[0], `{` + loot + `}`, http.StatusOK},
	)
	h.Do([]string{root[0], other[1]}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
}

// A stored text is no list of roles, and stays none when it is repeated: made
// well-formed, it would suddenly grant something.
func TestAStoredTextDoesNotBecomeARoleByBeingRepeated(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	owner := []string{"ROLESSTR001", "rolesstrpass"}
	h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('password', $1::text) WHERE id = $2`, testhub.QuickHash(t, owner[1]), owner[0])
	h.resist(
		attempt{owner, "PATCH", "/people/ROLESSTR001", `{"roles":"root"}`, http.StatusForbidden},
		attempt{cameron, "PATCH", "/people/ROLESSTR001", `{"roles":"root","name":"same"}`, http.StatusOK},
		attempt{cameron, "PATCH", "/people/ROLESSTR001", `{"roles":["root"]}`, http.StatusForbidden},
		attempt{root, "PATCH", "/people/ROLESSTR001", `{"roles":"root"}`, http.StatusOK},
		attempt{owner, "GET", "/login", "", http.StatusForbidden},
	)
}

func TestRolesThatAreRepeatedNeedNoGrant(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.resist(
		attempt{ana, "PATCH", "/people/" + ana[0], `{"roles":["end_user"],"active":true}`, http.StatusOK},
		attempt{ana, "PATCH", "/people/" + ana[0], `{"roles":" end_user "}`, http.StatusOK},
		attempt{cameron, "PATCH", "/people/" + root[0], `{"roles":["root"],"active":true}`, http.StatusOK},
		attempt{cameron, "POST", "/people/NEW1", `{"roles":["end_user"]}`, http.StatusCreated},
		attempt{cameron, "POST", "/people/NEW2", `{"roles":"end_user"}`, http.StatusCreated},
		attempt{cameron, "POST", "/people/NEW3", `{"roles":null}`, http.StatusCreated},
	)
}
