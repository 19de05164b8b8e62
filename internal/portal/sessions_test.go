// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var sessionID = regexp.MustCompile(`name="end" value="([0-9a-f]{64})"`)

func TestAPersonSeesAndEndsHerSessions(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	here, phone, others := h.SignIn(ana), h.SignIn(ana), h.SignIn(other)
	h.DB.Exec(`UPDATE thalamus_session SET agent = 'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0', seen = seen - interval '5 minutes'
		WHERE begun < (SELECT max(begun) FROM thalamus_session WHERE account = $1) AND account = $1`, ana[0])
	phone.Get("/portal/").Want(t, http.StatusOK)

	list := here.Get("/portal/sessions").Want(t, http.StatusOK).Text
	ids := sessionID.FindAllStringSubmatch(list, -1)
	if len(ids) != 2 || strings.Count(list, "This one here") != 1 || !strings.Contains(list, "<bdi>Firefox</bdi> on <bdi>Android</bdi>") || !strings.Contains(list, "<bdi>127.0.0.1</bdi>") {
		t.Fatalf("the list is %s", list)
	}

	theirs := sessionID.FindStringSubmatch(others.Get("/portal/sessions").Text)[1]
	here.Post("/portal/sessions", "end", theirs).Want(t, http.StatusSeeOther)
	others.Get("/portal/").Want(t, http.StatusOK)

	here.Post("/portal/sessions", "end", endOf(t, list, "End this session")).Want(t, http.StatusSeeOther)
	phone.Get("/portal/").Want(t, http.StatusSeeOther)
	here.Get("/portal/").Want(t, http.StatusOK)

	gone := here.Post("/portal/sessions", "end", endOf(t, list, "Sign out")).Want(t, http.StatusSeeOther)
	if gone.Header.Get("Clear-Site-Data") == "" || gone.Lead() != "/portal/sign-in" {
		t.Errorf("ending the own session leads to %s", gone.Lead())
	}
	here.Get("/portal/").Want(t, http.StatusSeeOther)
}

// endOf gives the id of the session whose button says so.
func endOf(t *testing.T, list, button string) string {
	t.Helper()
	found := regexp.MustCompile(`name="end" value="([0-9a-f]{64})">` + button + `<`).FindStringSubmatch(list)
	if found == nil {
		t.Fatalf("no button %q in %s", button, list)
	}
	return found[1]
}

func TestAPersonSignsOutEverywhere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	here, phone, others := h.SignIn(ana), h.SignIn(ana), h.SignIn(other)
	here.Post("/portal/sessions", "end", "all").Want(t, http.StatusSeeOther)
	here.Get("/portal/").Want(t, http.StatusSeeOther)
	phone.Get("/portal/").Want(t, http.StatusSeeOther)
	others.Get("/portal/").Want(t, http.StatusOK)
}

func TestAnEndThatNamesNoSessionIsRefused(t *testing.T) {
	t.Parallel()
	b := quickHub(t).SignIn(ana)
	for _, end := range []string{"", "x", "00", strings.Repeat("0", 66), "ALL"} {
		b.Post("/portal/sessions", "end", end).Want(t, http.StatusBadRequest)
	}
	b.Post("/portal/sessions", "end", strings.Repeat("0", 64)).Want(t, http.StatusSeeOther)
	b.Get("/portal/").Want(t, http.StatusOK)
}
