// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

const accountsPath = "/portal/admin/accounts"

// listed are the ids that a list of accounts has, in its order.
func listed(a testhub.Answer) (ids []string) {
	for _, found := range regexp.MustCompile(`<th scope="row"><a href="[^"]+"><bdi>([^<]*)</bdi>`).FindAllStringSubmatch(a.Text, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

// Patients are found, and stand in no list: among a million of them the staff is to be seen.
func TestAnAdministratorFindsAccounts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"name": "Anastasia", "lastname": "Betzinger"}' WHERE id = $1`, ana[0])
	h.DB.Exec(`DELETE FROM people WHERE id NOT IN ($1, $2, $3, $4) AND id NOT IN (SELECT fedacct FROM personal_docs) AND id NOT IN (SELECT book FROM pols WHERE book IS NOT NULL)`, ana[0], root[0], cameron[0], other[0])
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user"]}' WHERE id NOT IN ($1, $2)`, root[0], cameron[0])
	h.Enrol("NURSE", "end_user", "nurse")
	h.DB.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = 'NURSE'`)
	b := h.SignIn(root)
	for query, want := range map[string][]string{
		"": {root[0], cameron[0], "NURSE"}, "role=nurse": {"NURSE"}, "role=root": {root[0]}, "state=disabled": {"NURSE"},
		"role=root&state=disabled": nil, "q=" + ana[0]: {ana[0]}, "q=" + testhub.Small(ana): {ana[0]}, "q=anastasya+betzinger": {ana[0]},
		"q=nobody+at+all": nil, "q=%21": nil, "q=NURSE&role=root": nil, "q=": {root[0], cameron[0], "NURSE"}, "other=x": {root[0], cameron[0], "NURSE"},
	} {
		if diff := cmp.Diff(want, listed(b.Get(accountsPath+"?"+query).Want(t, http.StatusOK))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", query, diff)
		}
	}
	b.Get(accountsPath+"?q="+strings.Repeat("x", 201)).Want(t, http.StatusUnprocessableEntity)
	wantText(t, b.Get(accountsPath+"?state=disabled"), `<td data-label="State">Disabled</td>`, `<td data-label="Last in the portal">not known</td>`)
	wantText(t, b.Get(accountsPath+"?role=root"), `<td data-label="Last in the portal"><time datetime="`)
}

// The list is read by its key: 25 at a time, each account once.
func TestAccountsComeInParts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for n := range 60 {
		h.DB.Exec(`INSERT INTO people VALUES ($1, '{"roles": ["ward"]}')`, fmt.Sprintf("WARD%02d", n))
	}
	b, path, sizes := h.SignIn(root), accountsPath+"?role=ward", []int{}
	for path != "" && len(sizes) < 5 {
		a := b.Get(path).Want(t, http.StatusOK)
		sizes = append(sizes, len(listed(a)))
		path = href(a, "next")
	}
	if diff := cmp.Diff([]int{25, 25, 10}, sizes); diff != "" {
		t.Error(diff)
	}
	b.Get(accountsPath+"?after="+url.QueryEscape("/w==")).Want(t, http.StatusUnprocessableEntity)
}

// versionOf is the version of a person that a form has to name.
func versionOf(h *testhub.Hub, id string) string {
	return h.DB.Text(`SELECT version::text FROM people WHERE id = $1`, id)
}

func rolesOf(h *testhub.Hub, id string) string {
	return h.DB.Text(`SELECT (data -> 'roles')::text FROM people WHERE id = $1`, id)
}

// A changed role counts at once: for a session that goes on, and over the API.
func TestAChangedRoleCountsAtOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	nurse := h.Enrol("NURSE", "end_user", "of another file")
	b, hers := h.SignIn(root), h.SignIn(nurse)
	hers.Get("/portal/people/"+ana[0]+"/book").Want(t, http.StatusForbidden)
	h.Do(nurse, "GET", "/people/"+ana[0], "").Want(t, http.StatusForbidden)

	page := b.Get(accountsPath+"/NURSE").Want(t, http.StatusOK)
	wantText(t, page, `name="role" value="end_user" checked>`, `name="role" value="health_professional">`, `name="role" value="of another file" checked>`)
	a := b.Post(accountsPath+"/nurse/roles", "version", versionOf(h, "NURSE"), "role", "health_professional", "role", "of another file", "role", "made up").Want(t, http.StatusSeeOther)
	if a.Lead() != accountsPath+"/NURSE" {
		t.Errorf("it leads to %s", a.Lead())
	}

	if got := rolesOf(h, "NURSE"); got != `["of another file", "health_professional"]` {
		t.Errorf("the roles are %s", got)
	}
	hers.Get("/portal/people/"+ana[0]+"/book").Want(t, http.StatusOK)
	h.Do(nurse, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	b.Post(accountsPath+"/NURSE/roles", "version", versionOf(h, "NURSE")).Want(t, http.StatusSeeOther)
	hers.Get("/portal/").Want(t, http.StatusForbidden)
	h.Do(nurse, "GET", "/login", "").Want(t, http.StatusForbidden)
	wantText(t, hers.Get("/portal/"), "You may not do this")
}

// A disabled account is out at once, and an enabled one has its password as before.
func TestAnAccountIsDisabledAndEnabled(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b, hers := h.SignIn(root), h.SignIn(other)
	b.Post(accountsPath+"/"+other[0]+"/active", "version", versionOf(h, other[0]), "active", "false").Want(t, http.StatusSeeOther)
	hers.Get("/portal/").Want(t, http.StatusSeeOther)
	h.Do(other, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	wantText(t, b.Get(accountsPath+"/"+other[0]), "Disabled", `value="true">Open this account again`)
	b.Post(accountsPath+"/"+other[0]+"/active", "version", versionOf(h, other[0]), "active", "true").Want(t, http.StatusSeeOther)
	h.SignIn(other)
	for _, form := range [][]string{nil, {"active", "true"}, {"active", "maybe", "version", "1"}, {"active", "false", "version", "x"}} {
		b.Post(accountsPath+"/"+other[0]+"/active", form...).Want(t, http.StatusBadRequest)
	}
	b.Post(accountsPath+"/NOBODY/active", "version", "1", "active", "true").Want(t, http.StatusNotFound)
	b.Get(accountsPath+"/NOBODY").Want(t, http.StatusNotFound)
}

// The last administrator can neither be disabled nor lose the role, and the page says why.
func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE people SET data = data - 'password' WHERE id <> $1 AND jsonb_typeof(data) = 'object'`, root[0])
	b, before := h.SignIn(root), rolesOf(h, root[0])
	for _, form := range [][]string{{"/active", "active", "false"}, {"/roles", "role", "end_user"}, {"/roles"}} {
		a := b.Post(accountsPath+"/"+root[0]+form[0], append([]string{"version", versionOf(h, root[0])}, form[1:]...)...).Want(t, http.StatusConflict)
		wantText(t, a, `role="alert"`, "this is the last account that can administer accounts")
	}
	if got := rolesOf(h, root[0]); got != before {
		t.Errorf("the roles are %s", got)
	}
	h.Enrol("SECOND", "root")
	b.Post(accountsPath+"/"+root[0]+"/roles", "version", versionOf(h, root[0]), "role", "end_user").Want(t, http.StatusSeeOther)
	b.Get(accountsPath).Want(t, http.StatusForbidden)
}

// Of two administrators who change an account at once the second one learns of it.
func TestAnAccountThatWasChangedMeanwhileIsShownAsItIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b, seen := h.SignIn(root), versionOf(h, other[0])
	b.Post(accountsPath+"/"+other[0]+"/roles", "version", seen, "role", "health_professional").Want(t, http.StatusSeeOther)
	a := b.Post(accountsPath+"/"+other[0]+"/roles", "version", seen, "role", "root").Want(t, http.StatusPreconditionFailed)
	wantText(t, a, "somebody else has changed this account", `value="health_professional" checked>`, `name="version" value="`+versionOf(h, other[0])+`"`)
	if got := rolesOf(h, other[0]); got != `["health_professional"]` {
		t.Errorf("the roles are %s", got)
	}
}

// A new account has the person's data and roles, and no password. A form that comes twice makes one.
func TestANewAccountIsCreatedOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(root)
	wantText(t, b.Get("/portal/admin/new-account"), `value="end_user" checked>`)
	form := []string{"id", "espnur001ana", "name", " José ", "lastname", "", "dob", "1990-05-31", "gender", "m", "role", "end_user", "role", "health_professional"}
	for range 2 {
		if a := b.Post("/portal/admin/new-account", form...).Want(t, http.StatusSeeOther); a.Lead() != accountsPath+"/ESPNUR001ANA" {
			t.Errorf("it leads to %s", a.Lead())
		}
	}
	want := `{"id": "ESPNUR001ANA", "dob": "1990-05-31", "name": "José", "roles": ["end_user", "health_professional"], "gender": "m"}`
	if got := h.DB.Text(`SELECT data::text FROM people WHERE id = 'ESPNUR001ANA'`); got != want {
		t.Errorf("it is %s", got)
	}
	if got := h.DB.Text(`SELECT string_agg(account || ' ' || operation, ',') FROM thalamus_changes WHERE id = 'ESPNUR001ANA'`); got != root[0]+" create" {
		t.Errorf("the history has %s", got)
	}
	wantText(t, b.Get(accountsPath+"/ESPNUR001ANA"), "Without a password", "nobody can sign in")
}

// What is wrong with a new account stands beside its id, and what was typed is there still.
func TestANewAccountThatCannotBeIsToldBesideItsID(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people VALUES ('GONE', '{}'), ('small', '{}')`)
	h.DB.Exec(`DELETE FROM people WHERE id = 'GONE'`)
	b := h.SignIn(root)
	for id, want := range map[string]int{"": 422, "a/b": 422, "a:b": 422, strings.Repeat("x", 256): 422, ana[0]: 409, testhub.Small(ana): 409, "gone": 410, "small": 409} {
		a := b.Post("/portal/admin/new-account", "id", id, "name", "Typed & kept", "role", "root").Want(t, want)
		wantText(t, a, `id="id-wrong">`, `value="Typed &amp; kept"`, `value="root" checked>`)
	}
	if got := h.DB.Text(`SELECT count(*)::text FROM people WHERE data ->> 'name' = 'Typed & kept'`); got != "0" {
		t.Errorf("%s were created", got)
	}
}

// Accounts take the grant "roles" in a role with "global"; to change one takes the grants of the API besides.
func TestAccountsAreForTheirAdministrators(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.SetPolicy(policyWith(t, `
		{"role": "reader", "permissions": {"GET": ["person", "roles"], "PATCH": ["roles"], "global": "True"}},
		{"role": "keeper", "permissions": {"PATCH": ["roles", "person"], "global": "True"}},
		{"role": "narrow", "permissions": {"PATCH": ["roles", "person"], "POST": ["person"], "global": "False"}},
		{"role": "writer", "permissions": {"GET": ["person", "people", "roles"], "PATCH": ["person"], "POST": ["person", "password"], "global": "True"}}`))
	h.Enrol("TARGET", "end_user")
	for _, c := range []struct {
		account              []string
		read, change, create bool
	}{
		{ana, false, false, false}, {cameron, false, false, false}, {root, true, true, true},
		{h.Enrol("READER", "reader"), true, false, false}, {h.Enrol("KEEPER", "keeper"), true, true, false},
		{h.Enrol("NARROW", "narrow"), false, false, false}, {h.Enrol("WRITER", "writer"), false, false, false}, {h.Enrol("NOROLE"), false, false, false},
	} {
		b := h.SignIn(c.account)
		status := func(may bool, yes int) int { return map[bool]int{true: yes, false: http.StatusForbidden}[may] }
		b.Get(accountsPath).Want(t, status(c.read, http.StatusOK))
		b.Get("/portal/admin/new-account").Want(t, status(c.create, http.StatusOK))
		b.Post("/portal/admin/new-account", "id", "BY"+c.account[0]).Want(t, status(c.create, http.StatusSeeOther))
		for _, id := range []string{"TARGET", c.account[0]} {
			b.Get(accountsPath+"/"+id).Want(t, status(c.read, http.StatusOK))
			for _, form := range [][]string{{"/roles", "role", "of nothing"}, {"/active", "active", "true"}} {
				fields := append([]string{"version", versionOf(h, id)}, form[1:]...)
				if form[0] == "/roles" && id != "TARGET" {
					continue // an administrator would be none any more
				}
				b.Post(accountsPath+"/"+id+form[0], fields...).Want(t, status(c.change, http.StatusSeeOther))
			}
		}
	}
}

// Whoever looks at accounts is recorded: with the one that is shown, or those in the list.
func TestALookAtAccountsIsRecorded(t *testing.T) {
	t.Parallel()
	h, record := testhub.Recorded(t)
	b := h.SignIn(root)
	record.Take()
	b.Get(accountsPath + "?q=" + ana[0])
	if got, want := record.Persons(t), `["`+ana[0]+`"`; !strings.HasPrefix(got, want) {
		t.Errorf("the line of a list has %s", got)
	}
	if got := record.One(t, b.Get(accountsPath+"/"+ana[0])); got != root[0]+" root GET roles "+ana[0]+"   200" {
		t.Errorf("the line of an account is %q", got)
	}
	ends := h.SignIn(cameron)
	record.Take()
	if got := record.One(t, ends.Post(accountsPath+"/"+ana[0]+"/active", "active", "false", "version", "1")); got != cameron[0]+" end_user+health_professional POST roles "+ana[0]+"   403" {
		t.Errorf("the line of a refusal is %q", got)
	}
}
