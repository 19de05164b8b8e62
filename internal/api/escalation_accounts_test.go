// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestNobodyChangesActiveWithoutTheGrant(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, body := range []string{
		`{"active":false}`, `{"active":null}`, `{"active":"true"}`, `{"active":1}`, `{"active":true,"active":false}`, `{"a\u0063tive":false}`,
	} {
		h.resist(
			attempt{ana, "PATCH", "/people/" + ana[0], body, http.StatusForbidden},
			attempt{cameron, "PATCH", "/people/" + root[0], body, http.StatusForbidden},
		)
	}
	noActive := []string{"NOACTIVE001", "noactpass"}
	h.resist(
		attempt{noActive, "PATCH", "/people/NOACTIVE001", `{"active":true}`, http.StatusForbidden},
		attempt{cameron, "PATCH", "/people/INACTIVE001", `{"active":true}`, http.StatusForbidden},
		attempt{cameron, "PATCH", "/people/INACTIVE001", `{"active":null}`, http.StatusForbidden},
	)
}

var newPasswords = []string{
	`{"password":"taken over"}`, `{"password":null}`, `{"password":""}`, `{"pass\u0077ord":"taken over"}`, `{"name":"x","password":"taken over"}`,
	`{"password":"$2b$04$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"}`, `{"password":null,"password":"taken over"}`,
}

const takenOver = "taken over"

func TestADoctorChangesNoPasswords(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, victim := range []string{root[0], ana[0], "NOPASS001"} {
		for _, body := range newPasswords {
			h.resist(attempt{cameron, "PATCH", "/people/" + victim, body, http.StatusForbidden})
		}
		h.resist(
			attempt{cameron, "GET", "/password/" + victim, "", http.StatusForbidden},
			attempt{ana, "PATCH", "/people/" + root[0], newPasswords[0], http.StatusForbidden},
		)
		fillIn(h, cameron, victim, takenOver, takenOver).Want(t, http.StatusForbidden)
	}
	fillIn(h, ana, root[0], takenOver, takenOver).Want(t, http.StatusForbidden)
	h.Do([]string{root[0], takenOver}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)
}

// A help desk may set the passwords of end users. Were it to set those of others,
// it would have all their roles.
func TestAHelpDeskChangesThePasswordsOfEndUsersOnly(t *testing.T) {
	t.Parallel()
	file := rolesFile(t, "helpdesk", `"GET": ["login", "person"], "PATCH": ["person"], "POST": ["password"]`)
	h := quickHubWith(t, file)
	desk := h.Enrol("DESK001", "helpdesk")
	for _, victim := range []string{root[0], cameron[0], "MIXEDROLE1", "UNKROLE001", "ROLESSTR001"} {
		for _, body := range newPasswords {
			h.resist(attempt{desk, "PATCH", "/people/" + victim, body, http.StatusForbidden})
		}
		fillIn(h, desk, victim, takenOver, takenOver).Want(t, http.StatusForbidden)
	}
	h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)
	h.resist(
		attempt{desk, "PATCH", "/people/DESK001", `{"roles":["root"]}`, http.StatusForbidden},
		attempt{desk, "PATCH", "/people/" + root[0], `{"roles":["end_user"],"password":"taken over"}`, http.StatusForbidden},
	)
	fillIn(h, desk, ana[0], takenOver, takenOver).Want(t, http.StatusSeeOther)
	h.Do(desk, "PATCH", "/people/"+other[0], `{"password":"taken over"}`).Want(t, http.StatusOK)
	h.Do(desk, "PATCH", "/people/DESK001", `{"password":"a desk of its own"}`).Want(t, http.StatusOK)
	h.Do([]string{ana[0], takenOver}, "GET", "/login", "").Want(t, http.StatusOK)
}

// A role without global reach administers nobody, not even itself.
func TestTheGrantRolesCountsInGlobalRolesOnly(t *testing.T) {
	t.Parallel()
	file := rolesFile(t, "helper", `"GET": ["login"]}}, {"role": "mayor", "permissions": {"GET": ["person"], "PATCH": ["person", "roles"],
		"global": "False"}}, {"role": "porter", "permissions": {"GET": ["login"]`)
	h := quickHubWith(t, file)
	mayor := h.Enrol("MAYOR001", "mayor")
	h.resist(
		attempt{mayor, "PATCH", "/people/MAYOR001", `{"roles":["root"]}`, http.StatusForbidden},
		attempt{mayor, "PATCH", "/people/MAYOR001", `{"active":true}`, http.StatusForbidden},
	)
	h.Do(root, "PATCH", "/people/MAYOR001", `{"active":true,"roles":"mayor,end_user"}`).Want(t, http.StatusOK)
}

// A dear hash would make each of this account's logins a burden for all.
func TestAHashThatIsDearerThanConfiguredIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t) // configured: 4
	const dear = `{"password":"$2b$05$fmrSlozDdYQp69ZVwONxZeBjq0MEmYQQkmV45ULlccmuQ9cEdKKoG"}`
	h.resist(
		attempt{ana, "PATCH", "/people/" + ana[0], dear, http.StatusUnprocessableEntity},
		attempt{root, "PATCH", "/people/" + ana[0], dear, http.StatusUnprocessableEntity},
		attempt{cameron, "POST", "/people/NEW1", dear, http.StatusUnprocessableEntity},
	)
}

// The path's id is upper-cased, by the rules of Unicode: long s, dotless i.
func TestAnIDThatUpperCasesToAnExistingOneIsNotTaken(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const body = `{"name":"Impostor","password":"taken over"}`
	for _, id := range []string{"argbue111fav", "ARGBUE111FAV", "ArgBue111Fav", "eſpgnu777org", "noactıve001"} {
		h.resist(attempt{cameron, "POST", "/people/" + url.PathEscape(id), body, http.StatusUnprocessableEntity})
	}
	h.resist(attempt{cameron, "POST", "/people/NEWNAME", `{"id":"` + root[0] + `","name":"Impostor"}`, http.StatusCreated})
	if n := h.DB.Text(`SELECT count(*)::text FROM people WHERE data ->> 'name' = 'Impostor'`); n != "1" {
		t.Errorf("%s impostors, want the one with an id of its own", n)
	}
}
