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
	wantSaidOnce(t, h, a)
	h.Do(ana, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.Do([]string{ana[0], "une tortue à vélo"}, "GET", "/login", "").Want(t, http.StatusOK)
}

// wantSaidOnce goes on to where a form has led: that page says that the password was
// changed, and the one after it does not.
func wantSaidOnce(t *testing.T, h *hub, formAnswer testhub.Answer) {
	t.Helper()
	const said = "The password was changed."
	cookies := formAnswer.Cookies()
	if len(cookies) != 1 || cookies[0].Path != "/" || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || cookies[0].MaxAge != 60 {
		t.Fatalf("the form's answer has the cookies %v", cookies)
	}
	next := h.DoWith(nobody, "GET", "/", "", "Cookie", cookies[0].Name+"="+cookies[0].Value).Want(t, http.StatusOK)
	if taken := next.Cookies(); !strings.Contains(next.Text, said) || len(taken) != 1 || taken[0].MaxAge >= 0 || next.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the next page, with cookies %v: %s", taken, next.Text)
	}
	later := h.Do(nobody, "GET", "/", "").Want(t, http.StatusOK)
	if strings.Contains(later.Text, said) || len(later.Cookies()) != 0 || later.Header.Get("Vary") != "Cookie" {
		t.Errorf("a later page, %v: %s", later.Header, later.Text)
	}
}

func TestAFormThatIsRefusedSaysNothingOfAChange(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, a := range []testhub.Answer{
		fillIn(h, ana, ana[0], "short", "short").Want(t, http.StatusUnprocessableEntity),
		fillIn(h, ana, ana[0], "one password", "another one").Want(t, http.StatusUnprocessableEntity),
		fillIn(h, other, ana[0], "a fine password", "a fine password").Want(t, http.StatusForbidden),
		h.Do(ana, "PATCH", "/people/"+ana[0], `{"password":"a fine password"}`).Want(t, http.StatusOK),
	} {
		if len(a.Cookies()) != 0 {
			t.Errorf("%s, %d: %v", a.Request.Method, a.StatusCode, a.Cookies())
		}
	}
}

func TestTheFormSaysTheRuleBeforeItIsBroken(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.Passwords.MinLength = 11 })
	form := h.Do(ana, "GET", "/password/"+ana[0], "").Want(t, http.StatusOK)
	if !strings.Contains(form.Text, "At least 11 characters") || strings.Contains(form.Text, "aria-invalid") {
		t.Error(form.Text)
	}
	again := fillIn(h, ana, ana[0], "ten chars!", "ten chars!").Want(t, http.StatusUnprocessableEntity)
	if !strings.Contains(again.Text, `aria-describedby="rule problem" aria-invalid="true"`) {
		t.Error(again.Text)
	}
}

func TestAnAdministratorSetsTheFirstPasswordOfAPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	fillIn(h, root, "NOPASS001", "a first password", "a first password").Want(t, http.StatusSeeOther)
	h.Do([]string{"NOPASS001", "a first password"}, "GET", "/people/NOPASS001", "").Want(t, http.StatusOK)
}
