// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// fillIn sends the password form as the browser that was given it does.
func fillIn(h *hub, account []string, person, password, again string) testhub.Answer {
	h.T.Helper()
	form := url.Values{"password": {password}, "pconfirm": {again}}
	return h.DoWith(account, "POST", "/password/"+person, form.Encode(), "Content-Type", "application/x-www-form-urlencoded",
		"Sec-Fetch-Site", "same-origin", "Origin", h.URL)
}

func TestAPersonChangesThePasswordInTheForm(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	form := h.Do(ana, "GET", "/password/"+ana[0], "").Want(t, http.StatusOK)
	for _, part := range []string{`method="post"`, `name="password"`, `name="pconfirm"`, ana[0]} {
		if !strings.Contains(form.Text, part) {
			t.Errorf("the form has no %s", part)
		}
	}
	a := fillIn(h, ana, ana[0], "une tortue à vélo", "une tortue à vélo").Want(t, http.StatusSeeOther)
	if a.Header.Get("Location") != "/" {
		t.Errorf("then the browser goes to %q", a.Header.Get("Location"))
	}
	h.Do(ana, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.Do([]string{ana[0], "une tortue à vélo"}, "GET", "/login", "").Want(t, http.StatusOK)
}

func TestAnAdministratorSetsTheFirstPasswordOfAPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	fillIn(h, root, "NOPASS001", "a first password", "a first password").Want(t, http.StatusSeeOther)
	h.Do([]string{"NOPASS001", "a first password"}, "GET", "/people/NOPASS001", "").Want(t, http.StatusOK)
}
