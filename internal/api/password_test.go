// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func TestTheFormSaysWhatIsWrongWithAPassword(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct{ password, again, problem string }{
		{"a fine password", "a fine passwort", "not the same"}, {"a fine password", "", "not the same"}, {"", "", "at least 8"},
		{"seven77", "seven77", "at least 8"}, {"password1", "password1", "common"}, {"PassWord1", "PassWord1", "common"},
		{other[0], other[0], "account"}, {strings.ToLower(other[0]), strings.ToLower(other[0]), "account"},
		{strings.Repeat("p", 65), strings.Repeat("p", 65), "at most 64"}, {strings.Repeat("ñ", 37), strings.Repeat("ñ", 37), "72 bytes"},
		{"a fine\x00 password", "a fine\x00 password", "control characters"}, {"a fine \xf1 password", "a fine \xf1 password", "text"},
	} {
		t.Run(c.password, func(t *testing.T) {
			a := fillIn(h, other, other[0], c.password, c.again).Want(t, http.StatusUnprocessableEntity)
			if !strings.Contains(a.Text, `role="alert"`) || !strings.Contains(a.Text, c.problem) || !strings.Contains(a.Text, `name="pconfirm"`) {
				t.Errorf("%q: the form does not say %q", c.password, c.problem)
			}
			if strings.Contains(strings.Replace(a.Text, `value="`+other[0]+`"`, "", 1), `value="`) { // the account is there for password managers
				t.Errorf("%q: the form repeats what was typed", c.password)
			}
		})
	}
	h.Do(other, "GET", "/login", "").Want(t, http.StatusOK)
}

func TestAPatchKeepsTheRulesOfTheForm(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, value := range []string{
		`"seven77"`, `"password1"`, `"FRAOTH001EUS"`, `"fraoth001eus"`, `"` + strings.Repeat("p", 65) + `"`, `7`, `[]`, `{}`, `true`,
	} {
		h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"name":"x","password":`+value+`}`).Want(t, http.StatusUnprocessableEntity)
	}
	h.Do(other, "GET", "/login", "").Want(t, http.StatusOK)
	h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"password":"a fine password"}`).Want(t, http.StatusOK)
	h.Do(other, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.Do([]string{other[0], "a fine password"}, "GET", "/login", "").Want(t, http.StatusOK)
}

func TestAPatchTakesAHashAsItIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hash := testhub.QuickHash(t, "a fine password")
	h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"password":"`+hash+`"}`).Want(t, http.StatusOK)
	h.Do([]string{other[0], "a fine password"}, "GET", "/login", "").Want(t, http.StatusOK)
	if stored := h.DB.Text(`SELECT data ->> 'password' FROM people WHERE id = 'FRAOTH001EUS'`); stored != hash {
		t.Errorf("stored %s", stored)
	}
}

func TestAPasswordThatIsRemovedOpensNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, none := range []string{"null", `""`} {
		h.Do(root, "PATCH", "/people/FRAOTH001EUS", `{"password":`+none+`}`).Want(t, http.StatusOK)
		for _, password := range []string{other[1], "", "null"} {
			h.Do([]string{other[0], password}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
		}
	}
}

// Typed into a form, a hash is a password like any other.
func TestTheFormHashesWhatLooksLikeAHash(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hash := testhub.QuickHash(t, "a fine password")
	fillIn(h, other, other[0], hash, hash).Want(t, http.StatusSeeOther)
	h.Do([]string{other[0], "a fine password"}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.Do([]string{other[0], hash}, "GET", "/login", "").Want(t, http.StatusOK)
}

func TestPasswordsAreStoredAsHashesOfTheConfiguredCost(t *testing.T) {
	t.Parallel()
	h := newHub(t) // cost 12
	h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"password":"a fine password"}`).Want(t, http.StatusOK)
	if start := h.DB.Text(`SELECT left(data ->> 'password', 7) FROM people WHERE id = 'FRAOTH001EUS'`); start != "$2a$12$" {
		t.Errorf("stored %s...", start)
	}
}

func TestTheFormAnswersWithPages(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	tooLarge := strings.Repeat("x", 8<<20+1)
	for _, a := range []testhub.Answer{
		h.Do(nobody, "GET", "/password/"+ana[0], "").Want(t, http.StatusUnauthorized),
		h.Do(other, "GET", "/password/"+ana[0], "").Want(t, http.StatusForbidden),
		h.Do(root, "GET", "/password/NOBODY", "").Want(t, http.StatusNotFound),
		h.Do(root, "PUT", "/password/"+ana[0], "").Want(t, http.StatusMethodNotAllowed),
		fillIn(h, root, "NOBODY", "a fine password", "a fine password").Want(t, http.StatusNotFound),
		fillIn(h, root, "ARRDATA1", "a fine password", "a fine password").Want(t, http.StatusUnprocessableEntity),
		fillIn(h, root, ana[0], tooLarge, "").Want(t, http.StatusRequestEntityTooLarge),
		h.DoWith(root, "POST", "/password/"+ana[0], "password=%zz", "Content-Type", "application/x-www-form-urlencoded").Want(t, http.StatusBadRequest),
		h.Do(root, "GET", "/password/"+url.PathEscape("ÑANDÚ001"), "").Want(t, http.StatusOK),
	} {
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || !strings.Contains(csp, "default-src 'none'") ||
			!strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") {
			t.Errorf("%d: %s with policy %q", a.StatusCode, a.Header.Get("Content-Type"), csp)
		}
	}
}

// The name of a person must not run as a script.
func TestTheFormEscapesTheAccount(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const id = `<script>alert(1)</script>"'`
	h.DB.Exec(`INSERT INTO people VALUES ($1, '{}')`, id)
	if a := h.Do(root, "GET", "/password/"+url.PathEscape(id), "").Want(t, http.StatusOK); strings.Contains(a.Text, "<script") {
		t.Error(a.Text)
	}
}

func TestTheFormIsOfOurOriginOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	form := url.Values{"password": {"a fine password"}, "pconfirm": {"a fine password"}}.Encode()
	for _, headers := range [][]string{
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", h.URL + "0"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "cross-site", "Origin", h.URL},
	} {
		h.DoWith(other, "POST", "/password/"+other[0], form, append(headers, "Content-Type", "application/x-www-form-urlencoded")...).Want(t, http.StatusForbidden)
	}
	h.Do(other, "GET", "/login", "").Want(t, http.StatusOK)
	h.DoWith(other, "POST", "/password/"+other[0], form, "Content-Type", "application/x-www-form-urlencoded", "Origin", h.URL).Want(t, http.StatusSeeOther)
}
