// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
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
		a := fillIn(h, other, other[0], c.password, c.again).want(t, http.StatusUnprocessableEntity)
		if !strings.Contains(a.body, `role="alert"`) || !strings.Contains(a.body, c.problem) || !strings.Contains(a.body, `name="pconfirm"`) {
			t.Errorf("%q: the form does not say %q", c.password, c.problem)
		}
		if strings.Contains(strings.Replace(a.body, `value="`+other[0]+`"`, "", 1), `value="`) { // the account is there for password managers
			t.Errorf("%q: the form repeats what was typed", c.password)
		}
	}
	h.do(other, "GET", "/login", "").want(t, http.StatusOK)
}

func TestAPatchKeepsTheRulesOfTheForm(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, value := range []string{
		`"seven77"`, `"password1"`, `"FRAOTH001EUS"`, `"fraoth001eus"`, `"` + strings.Repeat("p", 65) + `"`, `7`, `[]`, `{}`, `true`,
	} {
		h.do(other, "PATCH", "/people/FRAOTH001EUS", `{"name":"x","password":`+value+`}`).want(t, http.StatusUnprocessableEntity)
	}
	h.do(other, "GET", "/login", "").want(t, http.StatusOK)
	h.do(other, "PATCH", "/people/FRAOTH001EUS", `{"password":"a fine password"}`).want(t, http.StatusOK)
	h.do(other, "GET", "/login", "").want(t, http.StatusUnauthorized)
	h.do([]string{other[0], "a fine password"}, "GET", "/login", "").want(t, http.StatusOK)
}

func TestAPatchTakesAHashAsItIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hash := quickHash(t, "a fine password")
	h.do(other, "PATCH", "/people/FRAOTH001EUS", `{"password":"`+hash+`"}`).want(t, http.StatusOK)
	h.do([]string{other[0], "a fine password"}, "GET", "/login", "").want(t, http.StatusOK)
	if stored := h.db.Text(`SELECT data ->> 'password' FROM people WHERE id = 'FRAOTH001EUS'`); stored != hash {
		t.Errorf("stored %s", stored)
	}
}

func TestAPasswordThatIsRemovedOpensNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, none := range []string{"null", `""`} {
		h.do(root, "PATCH", "/people/FRAOTH001EUS", `{"password":`+none+`}`).want(t, http.StatusOK)
		for _, password := range []string{other[1], "", "null"} {
			h.do([]string{other[0], password}, "GET", "/login", "").want(t, http.StatusUnauthorized)
		}
	}
}

// Typed into a form, a hash is a password like any other.
func TestTheFormHashesWhatLooksLikeAHash(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hash := quickHash(t, "a fine password")
	fillIn(h, other, other[0], hash, hash).want(t, http.StatusSeeOther)
	h.do([]string{other[0], "a fine password"}, "GET", "/login", "").want(t, http.StatusUnauthorized)
	h.do([]string{other[0], hash}, "GET", "/login", "").want(t, http.StatusOK)
}

func TestPasswordsAreStoredAsHashesOfTheConfiguredCost(t *testing.T) {
	t.Parallel()
	h := newHub(t) // cost 12
	h.do(other, "PATCH", "/people/FRAOTH001EUS", `{"password":"a fine password"}`).want(t, http.StatusOK)
	if start := h.db.Text(`SELECT left(data ->> 'password', 7) FROM people WHERE id = 'FRAOTH001EUS'`); start != "$2a$12$" {
		t.Errorf("stored %s...", start)
	}
}

func TestTheFormAnswersWithPages(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	tooLarge := strings.Repeat("x", 8<<20+1)
	for _, a := range []answer{
		h.do(nobody, "GET", "/password/"+ana[0], "").want(t, http.StatusUnauthorized),
		h.do(other, "GET", "/password/"+ana[0], "").want(t, http.StatusForbidden),
		h.do(root, "GET", "/password/NOBODY", "").want(t, http.StatusNotFound),
		h.do(root, "PUT", "/password/"+ana[0], "").want(t, http.StatusMethodNotAllowed),
		fillIn(h, root, "NOBODY", "a fine password", "a fine password").want(t, http.StatusNotFound),
		fillIn(h, root, "ARRDATA1", "a fine password", "a fine password").want(t, http.StatusUnprocessableEntity),
		fillIn(h, root, ana[0], tooLarge, "").want(t, http.StatusRequestEntityTooLarge),
		h.doWith(root, "POST", "/password/"+ana[0], "password=%zz", "Content-Type", "application/x-www-form-urlencoded").want(t, http.StatusBadRequest),
		h.do(root, "GET", "/password/"+url.PathEscape("ÑANDÚ001"), "").want(t, http.StatusOK),
	} {
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || !strings.Contains(csp, "default-src 'none'") ||
			!strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") {
			t.Errorf("%d: %s with policy %q", a.StatusCode, a.Header.Get("Content-Type"), csp)
		}
	}
}

// What a person is called must not run as a script.
func TestTheFormEscapesTheAccount(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const id = `<script>alert(1)</script>"'`
	h.db.Exec(`INSERT INTO people VALUES ($1, '{}')`, id)
	if a := h.do(root, "GET", "/password/"+url.PathEscape(id), "").want(t, http.StatusOK); strings.Contains(a.body, "<script") {
		t.Error(a.body)
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
		h.doWith(other, "POST", "/password/"+other[0], form, append(headers, "Content-Type", "application/x-www-form-urlencoded")...).want(t, http.StatusForbidden)
	}
	h.do(other, "GET", "/login", "").want(t, http.StatusOK)
	h.doWith(other, "POST", "/password/"+other[0], form, "Content-Type", "application/x-www-form-urlencoded", "Origin", h.URL).want(t, http.StatusSeeOther)
}
