// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// professional is a health professional who is nobody's patient here.
func professional(h *testhub.Hub, id string) testhub.Browser {
	return h.SignIn(h.Enrol(id, "health_professional"))
}

// The home page of a professional begins with the search; what is about oneself is left to those who are a
// patient, too, or have a book.
func TestTheHomePageOfAProfessionalBeginsWithTheSearch(t *testing.T) {
	t.Parallel()
	h, lines := ward(t)
	nurse := professional(h, "NURSE")
	lines.Take()
	home := nurse.Get("/portal/").Want(t, http.StatusOK)
	main := home.Text[strings.Index(home.Text, "<main"):]
	if search := strings.Index(main, `role="search"`); search < 0 || search > strings.Index(main, "</form>") {
		t.Errorf("the search is not the first: %s", main)
	}
	wantText(t, home, `<input id="q" name="q" type="search"`, ` autofocus`, `action="/portal/people#found"`, `<a href="/portal/sessions">`, `<a href="/portal/password">`)
	for _, absent := range []string{"My book", `href="/portal/new"`, "What may be missing", "This is what your health institutions share"} {
		if strings.Contains(home.Text, absent) {
			t.Errorf("the home page of a nurse without a book has %q", absent)
		}
	}

	addPage(h, "NURSE", "own", `{"summary": "A nurse's own page", "page_date": "2026-01-02"}`)
	wantText(t, nurse.Get("/portal/"), "A nurse&#39;s own page", `role="search"`)
	wantText(t, h.SignIn(cameron).Get("/portal/"), `<a href="/portal/book">`, `role="search"`)
	if patients := h.SignIn(ana).Get("/portal/").Want(t, http.StatusOK); strings.Contains(patients.Text, `role="search"`) {
		t.Error("a patient is offered the search")
	}
}

// Vital signs and a document go in one after the other: the page is there before the file is on its way.
func TestANewPageLeadsToItsDocuments(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const form = "/portal/people/ESPGNU777ORG/new"
	nurse := professional(h, "NURSE")
	shown := nurse.Get(form).Want(t, http.StatusOK)
	fields := append(hidden(shown), "kind", "encounter", "date", "2026-05-01T10:11", "blood_pressure_systolic", "120", "blood_pressure_diastolic", "80", "temperature", "36,6", "then", "documents")
	first := nurse.Post(form, fields...).Want(t, http.StatusSeeOther)
	again := nurse.Post(form, fields...).Want(t, http.StatusSeeOther)
	path, ok := strings.CutSuffix(first.Lead(), "/documents")
	if !ok || again.Lead() != first.Lead() {
		t.Fatalf("the form leads to %s, and then to %s", first.Lead(), again.Lead())
	}
	id := path[strings.LastIndex(path, "/")+1:]
	page := h.Do(root, http.MethodGet, "/pols/"+ana[0]+"/"+id, "").Want(t, http.StatusOK).Fields(t)
	wantJSON(t, "measurements", page["measurements"], `[{"bp":{"diastolic":80,"systolic":120}},{"t":36.6}]`)
	wantJSON(t, "author_acct", page["author_acct"], `"NURSE"`)
	wantJSON(t, "context", page["context"], `"encounter"`)
	info, _ := page["creation_info"].(map[string]any)
	wantJSON(t, "the user", info["user"], `"NURSE"`)

	wantText(t, nurse.Get(first.Lead()).Want(t, http.StatusOK), `type="file"`)
	upload(t, nurse, first.Lead(), "ecg.txt", "a curve").Want(t, http.StatusSeeOther)
	wantText(t, nurse.Get(path).Want(t, http.StatusOK), "ecg.txt", "120/80 mmHg")
	if pages := h.DB.Text(`SELECT count(*)::text FROM pols WHERE data ->> 'node' = 'portal'`); pages != "1" {
		t.Errorf("%s pages were stored", pages)
	}
}

// The way to the document is for those who may add one; others save the page alone.
func TestADocumentIsOfferedToThoseWhoMayAddOne(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	writer := h.Enrol("WRITER", "writes")
	h.SetPolicy(policyWith(t, `{"role": "writes", "permissions": {"GET": ["login", "page"], "POST": ["page"], "global": "True"}}`))
	for _, c := range []struct {
		account []string
		path    string
		offered bool
	}{{ana, "/portal/new", true}, {cameron, ofAna("/portal/new"), true}, {root, ofAna("/portal/new"), true}, {writer, ofAna("/portal/new"), false}} {
		a := h.SignIn(c.account).Get(c.path).Want(t, http.StatusOK)
		if offered := strings.Contains(a.Text, `name="then" value="documents"`); offered != c.offered {
			t.Errorf("%s is offered a document: %t", c.account[0], offered)
		}
	}
}

// Two professionals who correct one page at once both learn of it, and see both texts: each form that comes
// late, and the history for whoever was first.
func TestTwoProfessionalsCorrectOnePage(t *testing.T) {
	t.Parallel()
	h := newEditHub(t, `[{"hr": 70}]`)
	const path = "/portal/people/ESPGNU777ORG/page/" + editedID
	nurse, doctor := professional(h, "NURSE"), professional(h, "DOCTOR")
	correct := func(b testhub.Browser, shown testhub.Answer, info string) testhub.Answer {
		return b.Post(path+"/edit", append(without(shownFields(shown), "info"), "info", info)...)
	}
	nurses, doctors := nurse.Get(path+"/edit").Want(t, http.StatusOK), doctor.Get(path+"/edit").Want(t, http.StatusOK)
	correct(nurse, nurses, "the nurse's").Want(t, http.StatusSeeOther)

	both := correct(doctor, doctors, "the doctor's").Want(t, http.StatusConflict)
	wantText(t, both, "the doctor&#39;s</textarea>", "Stored now: <bdi>the nurse&#39;s</bdi>", "somebody else has changed this page")
	wantJSON(t, "info", page(t, h)["info"], `"the nurse's"`)
	correct(doctor, both, "the doctor's").Want(t, http.StatusSeeOther)
	wantJSON(t, "info", page(t, h)["info"], `"the doctor's"`)

	late := correct(nurse, nurses, "the nurse's second").Want(t, http.StatusConflict)
	wantText(t, late, "the nurse&#39;s second</textarea>", "Stored now: <bdi>the doctor&#39;s</bdi>")
	wantText(t, nurse.Get(path), `<del dir="auto">the nurse&#39;s</del>`, `<ins dir="auto">the doctor&#39;s</ins>`, "<bdi>DOCTOR</bdi>")
}

// without leaves a field out.
func without(fields []string, name string) []string {
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == name {
			return slices.Delete(slices.Clone(fields), i, i+2)
		}
	}
	return fields
}

// A professional without the role of a patient is told whom to ask for a new password, and sees where she is
// signed in.
func TestAProfessionalReachesPasswordAndSessions(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.Site.Contact = "Ask Rosa in room 7." })
	nurse := professional(h, "NURSE")
	told := nurse.Get("/portal/password").Want(t, http.StatusOK)
	main, _, _ := strings.Cut(told.Text[strings.Index(told.Text, "<main"):], "</main>")
	if !strings.Contains(main, "Ask Rosa in room 7.") || strings.Contains(main, "<form") {
		t.Errorf("she is told %s", main)
	}
	nurse.Post("/portal/password", "old", "enrolled with", "password", "a wholly new one", "again", "a wholly new one").Want(t, http.StatusForbidden)
	wantText(t, h.SignIn(cameron).Get("/portal/password"), `name="old"`)

	elsewhere := h.SignIn([]string{"NURSE", "enrolled with"})
	if sessions := nurse.Get("/portal/sessions").Want(t, http.StatusOK); strings.Count(sessions.Text, `name="end"`) != 3 {
		t.Errorf("the sessions are %s", sessions.Text)
	}
	nurse.Post("/portal/sessions", "end", "all").Want(t, http.StatusSeeOther)
	elsewhere.Get("/portal/").Want(t, http.StatusSeeOther)
}
