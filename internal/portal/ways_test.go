// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/testhub"
)

// Those who may write find the fields of measurements from where measurements are shown, and nobody else is
// led there.
func TestMeasurementsLeadToTheFormForMore(t *testing.T) {
	t.Parallel()
	for grants, offered := range map[string]bool{`"GET": ["login", "book", "page"]`: false, `"GET": ["login", "book", "page"], "POST": ["page"]`: true} {
		h := quickHub(t)
		setPolicy(t, h, grants)
		b := h.SignIn(ana)
		for _, path := range []string{"/portal/", "/portal/measurements"} {
			a := b.Get(path).Want(t, http.StatusOK)
			if got := strings.Contains(a.Text, `href="/portal/new#vitals"`); got != offered {
				t.Errorf("%s with %s leads there: %t, want %t", path, grants, got, offered)
			}
		}
	}

	h := quickHub(t)
	for path, account := range map[string][]string{"/portal/": ana, "/portal/people/" + ana[0] + "/": cameron} {
		b := h.SignIn(account)
		wantText(t, b.Get(path+"measurements").Want(t, http.StatusOK), `href="`+path+`new#vitals"`)
		wantText(t, b.Get(path+"new").Want(t, http.StatusOK), `id="vitals"`)
	}
}

// The download of everything is found from the home page and the caller's own book, by those who are shown
// the list that it stands below.
func TestOnesOwnBookLeadsToTheDownload(t *testing.T) {
	t.Parallel()
	const way = `href="/portal/documents#everything"`
	h := quickHub(t)
	b := h.SignIn(ana)
	wantText(t, b.Get("/portal/").Want(t, http.StatusOK), way)
	wantText(t, b.Get("/portal/book").Want(t, http.StatusOK), way)
	wantText(t, b.Get("/portal/documents").Want(t, http.StatusOK), `id="everything"`)
	if a := h.SignIn(cameron).Get("/portal/people/"+ana[0]+"/book").Want(t, http.StatusOK); strings.Contains(a.Text, "#everything") {
		t.Error("the book of another leads to the download of the reader's own records")
	}

	setPolicy(t, h, `"GET": ["login", "book", "page"]`)
	for _, path := range []string{"/portal/", "/portal/book"} {
		if a := b.Get(path).Want(t, http.StatusOK); strings.Contains(a.Text, "#everything") {
			t.Errorf("%s leads to a list that is refused", path)
		}
	}
}

func setPolicy(t *testing.T, h *testhub.Hub, grants string) {
	t.Helper()
	policy, _, err := access.Parse(fmt.Appendf(nil, `[{"role": "end_user", "permissions": {%s}, "global": "False"}]`, grants))
	if err != nil {
		t.Fatal(err)
	}
	h.Gate.SetPolicy(policy)
}

// Whoever is lost finds the manual's page about the portal, in Spanish too.
func TestEveryPageLeadsToHelp(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for language, want := range map[string]string{"en": "/docs/portal", "es": "/docs/el-portal", "ar": "/docs/portal"} {
		b := testhub.Browser{Hub: h}
		wantText(t, b.Get("/portal/sign-in?language="+language).Want(t, http.StatusOK), `<a href="`+want+`">`)
		b.Get(want).Want(t, http.StatusOK)
	}
}
