// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// fillIn sends the password form as the browser that was given it does.
func fillIn(h *hub, account []string, person, password, again string) answer {
	h.t.Helper()
	form := url.Values{"password": {password}, "pconfirm": {again}}
	return h.doWith(account, "POST", "/password/"+person, form.Encode(), "Content-Type", "application/x-www-form-urlencoded",
		"Sec-Fetch-Site", "same-origin", "Origin", h.URL)
}

func TestAPersonChangesThePasswordInTheForm(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	form := h.do(ana, "GET", "/password/"+ana[0], "").want(t, http.StatusOK)
	for _, part := range []string{`method="post"`, `name="password"`, `name="pconfirm"`, ana[0]} {
		if !strings.Contains(form.body, part) {
			t.Errorf("the form has no %s", part)
		}
	}
	a := fillIn(h, ana, ana[0], "une tortue à vélo", "une tortue à vélo").want(t, http.StatusSeeOther)
	if a.Header.Get("Location") != "/" {
		t.Errorf("then the browser goes to %q", a.Header.Get("Location"))
	}
	h.do(ana, "GET", "/login", "").want(t, http.StatusUnauthorized)
	h.do([]string{ana[0], "une tortue à vélo"}, "GET", "/login", "").want(t, http.StatusOK)
}

func TestAnAdministratorSetsTheFirstPasswordOfAPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	fillIn(h, root, "NOPASS001", "a first password", "a first password").want(t, http.StatusSeeOther)
	h.do([]string{"NOPASS001", "a first password"}, "GET", "/people/NOPASS001", "").want(t, http.StatusOK)
}
