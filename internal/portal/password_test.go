// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const better = "une tortue verte"

// A new password ends every other session of the account, and this one goes on.
func TestAPersonChangesHerPassword(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	here, phone, others := h.SignIn(ana), h.SignIn(ana), h.SignIn(other)
	here.Post("/portal/password", "old", ana[1], "password", better, "again", better).Want(t, http.StatusSeeOther)
	here.Get("/portal/").Want(t, http.StatusOK)
	phone.Get("/portal/").Want(t, http.StatusSeeOther)
	others.Get("/portal/").Want(t, http.StatusOK)
	h.Do(ana, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.SignIn([]string{ana[0], better}).Get("/portal/").Want(t, http.StatusOK)
}

// What is wrong stands beside its field, and no password is ever sent back.
func TestAPasswordThatIsRefusedIsToldBesideItsField(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, c := range []struct{ old, password, again, at, says string }{
		{"not it", better, better, "old", "This is not your password."},
		{"", better, better, "old", "This is not your password."},
		{ana[1], better, "another one", "again", "not the same"},
		{ana[1], "short", "short", "password", "breaks a rule"},
		{ana[1], "password", "password", "password", "breaks a rule"},
		{ana[1], ana[0], ana[0], "password", "breaks a rule"},
		{ana[1], "", "", "password", "breaks a rule"},
	} {
		a := b.Post("/portal/password", "old", c.old, "password", c.password, "again", c.again).Want(t, http.StatusUnprocessableEntity)
		_, beside, _ := strings.Cut(a.Text, `id="`+c.at+`-wrong">`)
		said, _, _ := strings.Cut(beside, "<")
		if !strings.Contains(said, c.says) || strings.Count(a.Text, `aria-invalid="true"`) != 1 {
			t.Errorf("%+v: beside it stands %q", c, said)
		}
		for _, typed := range []string{c.old, c.password, c.again} {
			if typed != "" && typed != ana[0] && typed != "password" && strings.Contains(a.Text, typed) {
				t.Errorf("%q is sent back", typed)
			}
		}
	}
	h.Do(ana, "GET", "/login", "").Want(t, http.StatusOK)
}

// The old password is a login like any other: whoever finds a browser signed in does not guess it.
func TestGuessesOfTheOldPasswordAreLimited(t *testing.T) {
	t.Parallel()
	quick := quickHub(t)
	h := testhub.Serve(t, quick.DB, "../../etc/roles.cfg", func(o *testhub.Options) { o.Verifier = verifier(t, quick, 4) })
	b := h.SignIn(ana)
	for n := range 12 {
		a := b.Post("/portal/password", "old", strings.Repeat("x", n+1), "password", better, "again", better)
		if a.StatusCode == http.StatusTooManyRequests {
			if !strings.Contains(a.Text, `role="alert"`) || a.Header.Get("WWW-Authenticate") != "" || a.Header.Get("Retry-After") == "" {
				t.Errorf("the form says %v, %s", a.Header, a.Text)
			}
			return
		}
		a.Want(t, http.StatusUnprocessableEntity)
	}
	t.Error("twelve guesses were compared")
}

// The grant is asked for as everywhere: an account without it is told whom to ask.
func TestAnAccountWithoutTheGrantIsToldWhomToAsk(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.Site.Contact = "Front desk, 4th floor" })
	for _, c := range []struct {
		account []string
		may     bool
	}{{ana, true}, {root, true}, {h.Enrol("DOCTOR", "health_professional"), false}, {h.Enrol("NOROLE"), false}, {h.Enrol("BOTH", "health_professional", "end_user"), true}} {
		account, may := c.account, c.may
		b := h.SignIn(account)
		page := b.Get("/portal/password").Want(t, http.StatusOK).Text
		if strings.Contains(page, `name="old"`) != may || strings.Contains(page, "Ask those who look after it") == may || !strings.Contains(page, "Front desk") {
			t.Errorf("%s, who may: %v, reads %s", account[0], may, page)
		}
		want := map[bool]int{true: http.StatusSeeOther, false: http.StatusForbidden}[may]
		b.Post("/portal/password", "old", account[1], "password", better, "again", better).Want(t, want)
	}
}
