// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func TestAPersonSignsInAndOut(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	home := b.Get("/portal/").Want(t, http.StatusOK)
	if !strings.Contains(home.Text, "Signed in as <bdi>"+ana[0]+"</bdi>") {
		t.Errorf("the home page does not say whose it is: %s", home.Text)
	}

	out := b.Post("/portal/sign-out").Want(t, http.StatusSeeOther)
	if got := out.Header.Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("Clear-Site-Data is %q", got)
	}
	if got := h.DB.Rows(`SELECT key FROM thalamus_session`); len(got) != 0 {
		t.Errorf("%d sessions are left", len(got))
	}
	if a := b.Get("/portal/").Want(t, http.StatusSeeOther); a.Lead() != "/portal/sign-in?next=%2Fportal%2F" {
		t.Errorf("then the cookie leads to %s", a.Lead())
	}
}

// The cookie is all that a browser has, and each sign-in makes another one.
func TestTheCookieIsOfThisHostAloneAndNew(t *testing.T) {
	t.Parallel()
	h, shared := quickHub(t), quickHub(t, func(o *testhub.Options) { o.BasePath = "/apps/thalamus" })
	first, second := h.SignIn(ana), h.SignIn(ana)
	if first.Cookie == second.Cookie {
		t.Error("two sign-ins have one cookie")
	}
	for hub, want := range map[*testhub.Hub]string{
		h:      "; Path=/; HttpOnly; Secure; SameSite=Lax",
		shared: "; Path=/apps/thalamus/portal/; HttpOnly; Secure; SameSite=Lax",
	} {
		reply := testhub.Browser{Hub: hub}.Post("/portal/sign-in", "account", ana[0], "password", ana[1]).Want(t, http.StatusSeeOther)
		cookie := reply.Header.Get("Set-Cookie")
		prefix := map[bool]string{true: "__Host-thalamus=", false: "__Secure-thalamus="}[hub == h]
		if !strings.HasPrefix(cookie, prefix) || !strings.HasSuffix(cookie, want) || len(cookie) != len(prefix)+43+len(want) {
			t.Errorf("the cookie is %s", cookie)
		}
	}
	if lead := shared.SignIn(ana).Get("/portal").Want(t, http.StatusSeeOther).Lead(); lead != "/apps/thalamus/portal/" {
		t.Errorf("behind a proxy /portal leads to %s", lead)
	}
}

// Signing in again ends the session of before.
func TestASecondSignInOfABrowserEndsTheFirst(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	b.Post("/portal/sign-in", "account", ana[0], "password", ana[1]).Want(t, http.StatusSeeOther)
	b.Get("/portal/").Want(t, http.StatusSeeOther)
}

// The form says what is wrong, keeps the account and never the password, and opens no dialog of
// the browser's own.
func TestAWrongPasswordBringsTheFormBack(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := testhub.Browser{Hub: h}
	for _, account := range []string{ana[0], "NOBODY", ""} {
		a := b.Post("/portal/sign-in", "account", account, "password", "a wrong one", "next", "/portal/book?kind=x").Want(t, http.StatusUnauthorized)
		if a.Header.Get("WWW-Authenticate") != "" || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: the headers are %v", account, a.Header)
		}
		for _, want := range []string{"The account or the password is wrong.", `value="` + account + `"`, `value="/portal/book?kind=x"`, `role="alert"`} {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s: the form has no %s", account, want)
			}
		}
		if strings.Contains(a.Text, "a wrong one") {
			t.Errorf("%s: the form has the password", account)
		}
	}
}

// Somebody who comes to the hub's own page finds the way.
func TestTheStartPageLeadsToThePortal(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.BasePath = "/apps/thalamus" })
	if start := h.Do(nobody, "GET", "/", "").Want(t, http.StatusOK); !strings.Contains(start.Text, `href="/apps/thalamus/portal/"`) {
		t.Errorf("the start page is %s", start.Text)
	}
}

// What phones add to an account is taken off, and its case does not matter.
func TestTheAccountIsReadAsItIsTyped(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, typed := range []string{" " + ana[0] + " ", strings.ToLower(ana[0])} {
		h.SignIn([]string{typed, ana[1]}).Get("/portal/").Want(t, http.StatusOK)
	}
}

func TestAfterTheSignInComesThePageThatWasAskedFor(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := testhub.Browser{Hub: h}
	lead := b.Get("/portal/?x=1").Want(t, http.StatusSeeOther).Lead()
	if want := "/portal/sign-in?next=%2Fportal%2F%3Fx%3D1"; lead != want {
		t.Errorf("it leads to %s, want %s", lead, want)
	}
	if form := b.Get(lead).Want(t, http.StatusOK); !strings.Contains(form.Text, `value="/portal/?x=1"`) {
		t.Errorf("the form forgets the page: %s", form.Text)
	}
	for next, want := range map[string]string{"/portal/?x=1": "/portal/?x=1", "https://evil.example/": "/portal/", "": "/portal/"} {
		a := b.Post("/portal/sign-in", "account", ana[0], "password", ana[1], "next", next).Want(t, http.StatusSeeOther)
		if a.Lead() != want {
			t.Errorf("%q leads to %s, want %s", next, a.Lead(), want)
		}
	}
}
