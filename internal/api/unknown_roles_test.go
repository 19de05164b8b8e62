// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/access"
)

const unknownRoles = `299 - "These roles are not in the roles file and grant nothing: `

func TestRolesThatTheFileDoesNotHaveAreTold(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	many := strings.Repeat(`"x",`, 3) + `"a","b","c","d","e","root"`
	long := strings.Repeat("ñ", 61)
	for i, c := range []struct{ roles, want string }{
		{`["root","end_user"]`, ""}, {`[]`, ""}, {`"root, end_user"`, ""},
		{`["librarian"]`, `librarian."`}, {`["end_user","Root"]`, `Root."`}, {`"root, nurse"`, `nurse."`},
		{`["` + `看護師","a\"b\\\\"]`, `\"a\\\"b\\\\\\\\\", \"\\u770b\\u8b77\\u5e2b\"."`}, {`["two\r\nlines"]`, `\"two\\r\\nlines\"."`},
		{`["` + long + `"]`, `\"` + strings.Repeat(`\\u00f1`, 60) + `\"."`}, {`[` + many + `]`, `a, b, c, d, e, and 1 more."`},
	} {
		t.Run(c.roles, func(t *testing.T) {
			path, body := fmt.Sprint("/people/GIVEN", i), `{"roles":`+c.roles+`}`
			if c.want != "" {
				c.want = unknownRoles + c.want
			}
			created := h.Do(root, "POST", path, body).Want(t, http.StatusCreated)
			replayed := h.Do(root, "POST", path, body).Want(t, http.StatusOK)
			changed := h.Do(root, "PATCH", path, body).Want(t, http.StatusOK)
			for _, got := range []string{created.Header.Get("Warning"), replayed.Header.Get("Warning"), changed.Header.Get("Warning")} {
				if got != c.want {
					t.Errorf("%s:\n got %s\nwant %s", c.roles, got, c.want)
				}
			}
		})
	}
	lines := h.Entries("roles were given that are not in the roles file and grant nothing", "")
	if len(lines) != 7*3 || lines[0]["count"] != 1.0 || lines[0]["account"] != root[0] || lines[0]["level"] != "WARN" || lines[0]["request"] == "" {
		t.Errorf("the log has %d lines: %v", len(lines), lines)
	}
	if strings.Contains(h.Log.String(), "librarian") {
		t.Error("the log has what a body says")
	}
}

// Roles that were refused were not given, nor were those that others repeat.
func TestRolesThatAreNotGivenAreNotToldOf(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	librarian := h.Enrol("LIBRARIAN", "librarian", "end_user")
	for _, c := range []struct {
		account            []string
		method, path, body string
		status             int
	}{
		{librarian, "PATCH", "/people/LIBRARIAN", `{"roles":["librarian","end_user"]}`, http.StatusOK},
		{cameron, "PATCH", "/people/LIBRARIAN", `{"roles":["librarian","end_user"]}`, http.StatusOK},
		{librarian, "PATCH", "/people/LIBRARIAN", `{"roles":["librarian"]}`, http.StatusForbidden},
		{cameron, "POST", "/people/NEW", `{"roles":["librarian"]}`, http.StatusForbidden},
		{root, "PATCH", "/people/NOBODY", `{"roles":["librarian"]}`, http.StatusNotFound},
		{root, "PATCH", "/people/LIBRARIAN", `{"name":"x"}`, http.StatusOK},
		{root, "POST", "/people/LIBRARIAN", `{"roles":["librarian"]}`, http.StatusUnprocessableEntity},
	} {
		if got := h.Do(c.account, c.method, c.path, c.body).Want(t, c.status).Header.Get("Warning"); got != "" {
			t.Errorf("%s: %s %s: %s", c.account[0], c.method, c.body, got)
		}
	}
}

// It is told of oneself, and of what others may not be asked for.
func TestARefusalNamesTheGrantThatIsMissing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	roleless := h.Enrol("ROLELESS")
	setter := h.Enrol("SETTER", "setter")
	odd := h.Enrol("ODD", "看護師", strings.Repeat("x", 61), "end user", "nurse")
	policy, _, err := access.Parse([]byte(`[
		{"role": "end_user", "permissions": {"PATCH": ["person"], "POST": ["password"], "global": "False"}},
		{"role": "health_professional", "permissions": {"GET": ["people"], "PATCH": ["person"], "global": "True"}},
		{"role": "nurse", "permissions": {"PATCH": ["person"], "global": "False"}},
		{"role": "setter", "permissions": {"PATCH": ["person"], "POST": ["password"], "global": "True"}},
		{"role": "root", "permissions": {"PATCH": ["person", "roles"], "POST": ["password"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h.SetPolicy(policy)
	page := fillIn(h, cameron, other[0], fresh, fresh).Want(t, http.StatusForbidden)
	if !strings.Contains(page.Text, "password&#34; under POST in a role") {
		t.Errorf("the page says %s", page.Text)
	}
	const password = `{"password":"some other password"}`
	for _, c := range []struct {
		account            []string
		method, path, body string
		want               string // "" if it is allowed
	}{
		{ana, "PATCH", "/people/" + ana[0], password, ""}, {root, "PATCH", "/people/" + other[0], password, ""}, {setter, "PATCH", "/people/" + other[0], password, ""},
		{cameron, "PATCH", "/people/" + other[0], password, `This needs the grant "password" under POST in a role with "global", which none of your roles has: end_user, health_professional.`},
		{cameron, "PATCH", "/people/NOBODY", password, `This needs the grant "password" under POST in a role with "global", which none of your roles has: end_user, health_professional.`},
		{odd, "PATCH", "/people/ODD", password, `This needs the grant "password" under POST, which none of your roles has: "\u770b\u8b77\u5e2b", "` + strings.Repeat("x", 60) + `", end user, nurse.`},
		{setter, "PATCH", "/people/" + cameron[0], password, `Changing the password of somebody with more roles than end_user needs the grant "roles".`},
		{roleless, "PATCH", "/people/ROLELESS", password, `This needs the grant "person" under PATCH; your account has no role.`},
		{nil, "PATCH", "/people/ROLELESS", password, "Log in with your federation account and its password (HTTP Basic)."},
		{setter, "GET", "/people", "", `This needs the grant "people" under GET, which none of your roles has: setter.`},
	} {
		a := h.Do(c.account, c.method, c.path, c.body)
		if got, _ := a.Fields(t)["error"].(string); got != c.want {
			t.Errorf("%v %s %s:\n got %s\nwant %s", c.account, c.method, c.path, got, c.want)
		}
	}
}
