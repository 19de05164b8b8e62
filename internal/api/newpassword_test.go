// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/testhub"
)

// unable makes each try to hash a password a fault of ours.
func unable(o *testhub.Options) {
	const noSuchCost = 32
	verifier, err := auth.NewVerifier(auth.Options{
		Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: noSuchCost, Remember: time.Minute, Workers: 2,
	})
	if err != nil {
		panic(err)
	}
	o.Verifier = verifier
}

const fresh = "correct horse"

// twice is the body of the password form.
func twice(password string) string {
	return url.Values{"password": {password}, "pconfirm": {password}}.Encode()
}

func TestARefusedPasswordIsNotHashed(t *testing.T) {
	t.Parallel()
	h := quickHub(t, unable)
	h.DB.Exec(`INSERT INTO people VALUES ('GONE', '{"active": false}'), ('LIST', '[]')`)
	h.DB.Exec(`DELETE FROM people WHERE id = 'GONE'`)
	clerk := h.Enrol("CLERK", "health_professional")
	setter := h.Enrol("SETTER", "setter")
	policy, _, err := access.Parse([]byte(`[
		{"role": "root", "permissions": {"POST": ["person", "password"], "PATCH": ["person", "roles"], "DELETE": ["person"], "global": "True"}},
		{"role": "health_professional", "permissions": {"POST": ["person", "password"], "PATCH": ["person"], "global": "True"}},
		{"role": "setter", "permissions": {"POST": ["password"], "PATCH": ["person"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h.SetPolicy(policy)
	const password = `{"password": "` + fresh + `"}`
	for _, c := range []struct {
		name         string
		account      []string
		method, path string
		body         string
		headers      []string
		status       int
	}{
		{"a change that nothing refuses", root, "PATCH", "/people/CLERK", password, nil, http.StatusInternalServerError},
		{"a form that nothing refuses", root, "POST", "/password/CLERK", twice(fresh), nil, http.StatusInternalServerError},
		{"a person whom nothing refuses", root, "POST", "/people/NEW", password, nil, http.StatusInternalServerError},
		{"a deleted one whom root may create", root, "POST", "/people/GONE", password, nil, http.StatusInternalServerError},

		{"another version", root, "PATCH", "/people/CLERK", password, []string{"If-Match", `"99"`}, http.StatusPreconditionFailed},
		{"but not this version", root, "PATCH", "/people/CLERK", password, []string{"If-None-Match", `"1"`}, http.StatusPreconditionFailed},
		{"nobody there", root, "PATCH", "/people/NOBODY", password, nil, http.StatusNotFound},
		{"no object", root, "PATCH", "/people/LIST", password, nil, http.StatusUnprocessableEntity},
		{"wrong roles", root, "PATCH", "/people/CLERK", `{"password": "` + fresh + `", "roles": 5}`, nil, http.StatusUnprocessableEntity},
		{"another id", root, "PATCH", "/people/CLERK", `{"password": "` + fresh + `", "id": "OTHER"}`, nil, http.StatusUnprocessableEntity},
		{"no id", root, "PATCH", "/people/CLERK", `{"password": "` + fresh + `", "id": null}`, nil, http.StatusUnprocessableEntity},
		{"roles without the grant", clerk, "PATCH", "/people/CLERK", `{"password": "` + fresh + `", "roles": ["root"]}`, nil, http.StatusForbidden},
		{"somebody with roles", setter, "PATCH", "/people/CLERK", password, nil, http.StatusForbidden},
		{"too short", root, "PATCH", "/people/CLERK", `{"password": "short"}`, nil, http.StatusUnprocessableEntity},

		{"form: nobody there", root, "POST", "/password/NOBODY", twice(fresh), nil, http.StatusNotFound},
		{"form: somebody with roles", setter, "POST", "/password/CLERK", twice(fresh), nil, http.StatusForbidden},
		{"form: too short", root, "POST", "/password/CLERK", twice("short"), nil, http.StatusUnprocessableEntity},

		{"POST: somebody there", root, "POST", "/people/CLERK", password, nil, http.StatusUnprocessableEntity},
		{"POST: must be there", root, "POST", "/people/NEW", password, []string{"If-Match", "*"}, http.StatusPreconditionFailed},
		{"POST: must not be there", root, "POST", "/people/CLERK", password, []string{"If-None-Match", "*"}, http.StatusPreconditionFailed},
		{"POST: was deleted", clerk, "POST", "/people/GONE", password, nil, http.StatusGone},
		{"POST: roles without the grant", clerk, "POST", "/people/NEW", `{"password": "` + fresh + `", "roles": ["root"]}`, nil, http.StatusForbidden},
		{"POST: too long", root, "POST", "/people/NEW", `{"password": "` + strings.Repeat("x", 65) + `"}`, nil, http.StatusUnprocessableEntity},
	} {
		t.Run(c.name, func(t *testing.T) {
			headers := append([]string{"Content-Type", "application/x-www-form-urlencoded"}, c.headers...)
			if a := h.DoWith(c.account, c.method, c.path, c.body, headers...); a.StatusCode != c.status {
				t.Errorf("%s: status %d, want %d: %.200s", c.name, a.StatusCode, c.status, a.Text)
			}
		})
	}
}

func TestARepeatedCreationIsComparedAndNotHashed(t *testing.T) {
	t.Parallel()
	h := quickHub(t, unable)
	const person = `{"name": "Ana", "password": "` + fresh + `"}`
	h.DB.Exec(`INSERT INTO people VALUES ('NEW', jsonb_build_object('id', 'NEW', 'name', 'Ana', 'roles', '["end_user"]'::jsonb, 'password', $1::text))`,
		testhub.QuickHash(t, fresh))
	h.Do(root, "POST", "/people/NEW", person).Want(t, http.StatusOK)
	h.Do(root, "POST", "/people/NEW", strings.Replace(person, fresh, "another one", 1)).Want(t, http.StatusUnprocessableEntity)
	h.Do(root, "POST", "/people/NEW", strings.Replace(person, "Ana", "Eva", 1)).Want(t, http.StatusUnprocessableEntity)
}

// listening is a hub whose memory of accounts is live, and hears of no change but from
// itself.
func listening(t *testing.T) *hub {
	t.Helper()
	var accounts *auth.AccountCache
	h := quickHub(t, func(o *testhub.Options) {
		accounts = auth.NewAccountCache(o.Store.Credentials)
		verifier, err := auth.NewVerifier(auth.Options{Accounts: accounts, Cost: 4, Remember: time.Hour, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		o.Verifier = verifier
	})
	accounts.Confirmed(time.Now().Add(time.Hour))
	return h
}

func TestAChangeThroughThisInstanceCountsFromTheNextRequestOn(t *testing.T) {
	t.Parallel()
	leaver := []string{"LEAVER", "enrolled with"}
	small := []string{strings.ToLower(leaver[0]), leaver[1]}
	for name, change := range map[string]func(h *hub){
		"PATCH": func(h *hub) {
			h.Do(root, "PATCH", "/people/"+leaver[0], `{"password": "`+fresh+`"}`).Want(t, http.StatusOK)
		},
		"hash": func(h *hub) {
			h.Do(root, "PATCH", "/people/"+leaver[0], `{"password": "`+testhub.QuickHash(t, fresh)+`"}`).Want(t, http.StatusOK)
		},
		"none":   func(h *hub) { h.Do(root, "PATCH", "/people/"+leaver[0], `{"password": null}`).Want(t, http.StatusOK) },
		"active": func(h *hub) { h.Do(root, "PATCH", "/people/"+leaver[0], `{"active": false}`).Want(t, http.StatusOK) },
		"form":   func(h *hub) { h.postForm(root, leaver[0], fresh).Want(t, http.StatusSeeOther) },
		"own": func(h *hub) {
			h.Do(leaver, "PATCH", "/people/"+leaver[0], `{"password": "`+fresh+`"}`).Want(t, http.StatusOK)
		},
		"ownform": func(h *hub) { h.postForm(leaver, leaver[0], fresh).Want(t, http.StatusSeeOther) },
		"DELETE": func(h *hub) {
			h.DB.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, leaver[0])
			h.Do(leaver, "GET", "/login", "").Want(t, http.StatusOK) // nobody has told
			h.Do(root, "DELETE", "/people/"+leaver[0], "").Want(t, http.StatusNoContent)
		},
	} {
		h := listening(t)
		h.Enrol(leaver[0], "end_user")
		for _, account := range [][]string{leaver, small, leaver} {
			h.Do(account, "GET", "/login", "").Want(t, http.StatusOK)
		}
		change(h)
		for _, account := range [][]string{leaver, small} {
			if a := h.Do(account, "GET", "/login", ""); a.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: %s gets %d with the old password", name, account[0], a.StatusCode)
			}
		}
	}
}

func TestRolesThatAreTakenAwayHereAreGoneWithTheNextRequest(t *testing.T) {
	t.Parallel()
	h := listening(t)
	small := []string{strings.ToLower(cameron[0]), cameron[1]}
	h.Do(cameron, "GET", "/people", "").Want(t, http.StatusOK)
	h.Do(small, "GET", "/people", "").Want(t, http.StatusOK)
	h.Do(root, "PATCH", "/people/"+cameron[0], `{"roles": "end_user"}`).Want(t, http.StatusOK)
	h.Do(small, "GET", "/people", "").Want(t, http.StatusForbidden)
	h.Do(cameron, "GET", "/people", "").Want(t, http.StatusForbidden)
}

// postForm sends the password form.
func (h *hub) postForm(account []string, person, password string) testhub.Answer {
	h.T.Helper()
	return h.DoWith(account, "POST", "/password/"+person, twice(password), "Content-Type", "application/x-www-form-urlencoded")
}
