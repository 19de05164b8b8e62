// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const (
	accident = `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`
	hers     = "/portal/people/ESPGNU777ORG"
)

var casePath = regexp.MustCompile(`href="(/portal/admin/emergencies/[^"?]+)"`)

// openIn sends the form that opens a book.
func openIn(b testhub.Browser, reason string) testhub.Answer {
	return b.Post(hers+"/emergency", "purpose", "ETREAT", "reason", reason)
}

// lacksText fails if an answer has a text.
func lacksText(t *testing.T, a testhub.Answer, text string) {
	t.Helper()
	if strings.Contains(a.Text, text) {
		t.Errorf("%s has %q", a.Request.URL.Path, text)
	}
}

// The story: pages are hidden from a hospital, whose doctor opens them with a reason; an old client of the doctor's reads
// them then, too; the patient is told on every page, asks who it was, and the officer closes the case.
func TestABookIsOpenedInThePortalAndThePatientIsTold(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	north := enrolAt(h, "NORTHDOC", "NORTH", "North Hospital")
	addPage(h, ana[0], "psy", `{"domain": "psychosocial", "summary": "A bad spring"}`)
	patient, doctor, officer := h.SignIn(ana), h.SignIn(north), h.SignIn(root)
	lacksText(t, doctor.Get(hers+"/book").Want(t, http.StatusOK), "Not all of this book")
	sayIn(patient, "/portal", "deny", "domain:psychosocial", "institution", "NORTH", "").Want(t, http.StatusSeeOther)
	h.Do(north, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusNotFound)
	lacksText(t, patient.Get("/portal/").Want(t, http.StatusOK), "was opened in an emergency")

	for _, path := range []string{"", "/book", "/documents", "/measurements", "/summary"} {
		wantText(t, doctor.Get(hers+path).Want(t, http.StatusOK), "Not all of this book is shown to you", `href="`+hers+`/emergency"`)
	}
	wantText(t, doctor.Get(hers+"/emergency").Want(t, http.StatusOK), "Open the book of <bdi>Ana Betz</bdi> in an emergency", `maxlength="500"`)
	openIn(doctor, "  unconscious after an <accident>").Want(t, http.StatusSeeOther)
	for _, path := range []string{"", "/book", "/page/psy", "/emergency"} {
		a := doctor.Get(hers+path).Want(t, http.StatusOK)
		wantText(t, a, "You have opened this book in an emergency, until <time", "unconscious after an &lt;accident&gt;")
		lacksText(t, a, "Not all of this book")
	}
	wantText(t, h.Do(north, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK), "A bad spring")

	copyLines()
	for _, path := range []string{"/portal/", "/portal/book", "/portal/password", "/portal/consents"} {
		wantText(t, patient.Get(path).Want(t, http.StatusOK), "Your book was opened in an emergency", "<bdi>NORTHDOC</bdi></b> · <bdi>North Hospital</bdi>", "unconscious after an &lt;accident&gt;")
	}
	lacksText(t, h.SignIn(other).Get("/portal/").Want(t, http.StatusOK), "was opened in an emergency")
	list := patient.Get("/portal/emergencies").Want(t, http.StatusOK)
	reads := strings.ReplaceAll(regexp.MustCompile(`href="(/portal/access\?[^"]+)"`).FindStringSubmatch(list.Text)[1], "&amp;", "&")
	h.Do(cameron, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK)
	copyLines()
	asked := patient.Get(reads).Want(t, http.StatusOK)
	wantText(t, asked, "<bdi>NORTHDOC</bdi>", "opening of the book in an emergency", "book of life · in an emergency", `value="NORTHDOC"`)
	lacksText(t, asked, "<bdi>"+cameron[0]+"</bdi>")

	cases := officer.Get("/portal/admin/emergencies").Want(t, http.StatusOK)
	one := casePath.FindStringSubmatch(cases.Text)[1]
	wantText(t, officer.Get(one).Want(t, http.StatusOK), "unconscious after an", hers+"/access?account=NORTHDOC")
	officer.Post(one, "finding", "She was in the emergency room.").Want(t, http.StatusSeeOther)
	wantText(t, officer.Get("/portal/admin/emergencies").Want(t, http.StatusOK), "No case is open.")
	wantText(t, officer.Get("/portal/admin/emergencies?closed=1").Want(t, http.StatusOK), "She was in the emergency room.")
	wantText(t, officer.Get(one).Want(t, http.StatusOK), "<bdi>"+root[0]+"</bdi> has closed this case")
	wantText(t, patient.Get("/portal/emergencies").Want(t, http.StatusOK), "She was in the emergency room.")
}

// It is told until it is acknowledged, by the patient alone, on every server.
func TestAnOpeningIsToldUntilItIsAcknowledged(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated)
	b := h.SignIn(ana)
	seen := regexp.MustCompile(`action="(/portal/emergencies/[^"]+/seen)"`).FindStringSubmatch(b.Get("/portal/book").Text)[1]
	for _, account := range [][]string{other, root, cameron} {
		h.SignIn(account).Post(seen, "next", "/portal/").Want(t, http.StatusNotFound)
	}
	h.SignIn(h.Enrol("DOCTOR", "health_professional")).Post(seen, "next", "/portal/").Want(t, http.StatusForbidden)
	wantText(t, b.Get("/portal/book"), "Your book was opened")

	if a := b.Post(seen, "next", "/portal/book?q=x").Want(t, http.StatusSeeOther); a.Lead() != "/portal/book?q=x" {
		t.Errorf("it leads to %q", a.Lead())
	}
	lacksText(t, b.Get("/portal/book").Want(t, http.StatusOK), "Your book was opened")
	lacksText(t, h.SignIn(ana).Get("/portal/").Want(t, http.StatusOK), "Your book was opened")

	h.DB.Exec(`UPDATE thalamus_emergencies SET acknowledged = NULL, time = '2000-01-01'`) // of somebody who had the id before
	lacksText(t, b.Get("/portal/book").Want(t, http.StatusOK), "Your book was opened")
	lacksText(t, b.Get("/portal/emergencies").Want(t, http.StatusOK), "unconscious")
	b.Post(seen, "next", "/portal/").Want(t, http.StatusNotFound)
	h.DB.Exec(`UPDATE thalamus_emergencies SET time = now()`)
	b.Post(seen, "next", "https://elsewhere.example/").Want(t, http.StatusSeeOther)
	wantText(t, b.Get("/portal/emergencies").Want(t, http.StatusOK), "unconscious after an accident")
}

// The refusals of the API are those of the portal, and a reason that is too short comes back.
func TestABookIsOpenedByWhoMayOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, account := range [][]string{ana, other, root} {
		b := h.SignIn(account)
		b.Get(hers+"/emergency").Want(t, http.StatusForbidden)
		openIn(b, "unconscious after an accident").Want(t, http.StatusForbidden)
	}

	b := h.SignIn(cameron)
	for _, reason := range []string{"", "too short", "        x        ", strings.Repeat("x", 501)} {
		a := openIn(b, reason).Want(t, http.StatusUnprocessableEntity)
		wantText(t, a, "Write a reason of <bdi>10</bdi> to <bdi>500</bdi> characters.", "\n"+strings.TrimSpace(reason)+"</textarea>")
	}
	for path, status := range map[string]int{hers: http.StatusUnprocessableEntity, "/portal/people/" + cameron[0]: http.StatusUnprocessableEntity, "/portal/people/NOBODY": http.StatusNotFound} {
		purpose := map[bool]string{true: "TREAT", false: "ETREAT"}[path == hers]
		b.Post(path+"/emergency", "purpose", purpose, "reason", "unconscious after an accident").Want(t, status)
	}
	b.Get("/portal/people/"+cameron[0]+"/emergency").Want(t, http.StatusUnprocessableEntity)
	b.Get("/portal/people/NOBODY/emergency").Want(t, http.StatusNotFound)
	if opened := h.DB.Text(`SELECT count(*)::text FROM thalamus_emergencies`); opened != "0" {
		t.Errorf("%s were opened", opened)
	}

	openIn(b, "unconscious after an accident").Want(t, http.StatusSeeOther)
	openIn(b, "unconscious after an accident").Want(t, http.StatusSeeOther)
	if opened := h.DB.Text(`SELECT count(*)::text FROM thalamus_emergencies`); opened != "1" {
		t.Errorf("%s were opened", opened)
	}
	h.DB.Exec(`UPDATE thalamus_emergencies SET until = now()`)
	lacksText(t, b.Get(hers+"/book").Want(t, http.StatusOK), "You have opened this book")
}

// Who reads in a book but may not open it is told that it is not whole, and led nowhere.
func TestWhoMayNotOpenABookIsToldThatItIsNotWhole(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	sayIn(h.SignIn(ana), "/portal", "deny", "*", "*", "", "").Want(t, http.StatusSeeOther)
	a := h.SignIn(root).Get(hers+"/book").Want(t, http.StatusOK)
	wantText(t, a, "Not all of this book is shown to you")
	lacksText(t, a, "/emergency\"")
	lacksText(t, h.SignIn(ana).Get("/portal/book").Want(t, http.StatusOK), "Not all of this book")
}

// fullDisk is an access record that fails from some time on.
type fullDisk struct{ fails bool }

func (d *fullDisk) Write(line []byte) (int, error) {
	if d.fails {
		return 0, errors.New("the disk is full")
	}
	return len(line), nil
}

func (*fullDisk) Broken() bool  { return false }
func (*fullDisk) Indexed() bool { return false }

func TestNoBookOpensWithoutItsLineInTheAccessRecord(t *testing.T) {
	t.Parallel()
	disk := &fullDisk{}
	h := quickHub(t, func(o *testhub.Options) { o.Record = disk })
	b := h.SignIn(cameron)
	disk.fails = true
	openIn(b, "unconscious after an accident").Want(t, http.StatusServiceUnavailable)
	if opened := h.DB.Text(`SELECT count(*)::text FROM thalamus_emergencies`); opened != "0" {
		t.Errorf("%s were opened", opened)
	}
}

// Cases are for a privacy officer alone, who says what was found.
func TestCasesAreThePrivacyOfficers(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated)
	officer := h.SignIn(root)
	wantText(t, officer.Get("/portal/").Want(t, http.StatusOK), `href="/portal/admin/emergencies"`)
	one := casePath.FindStringSubmatch(officer.Get("/portal/admin/emergencies").Text)[1]
	for _, account := range [][]string{ana, other, cameron} {
		b := h.SignIn(account)
		lacksText(t, b.Get("/portal/").Want(t, http.StatusOK), "/portal/admin/emergencies")
		for _, path := range []string{"/portal/admin/emergencies", one} {
			b.Get(path).Want(t, http.StatusForbidden)
		}
		b.Post(one, "finding", "nothing").Want(t, http.StatusForbidden)
	}
	for _, finding := range []string{"", "   ", strings.Repeat("y", 501)} {
		wantText(t, officer.Post(one, "finding", finding).Want(t, http.StatusUnprocessableEntity), "Write what you have found", "\n"+strings.TrimSpace(finding)+"</textarea>")
	}

	h.SetPolicy(policyWith(t, `{"role": "officer", "permissions": {"GET": ["emergencies"], "PATCH": ["emergencies"], "global": "True"}}`))
	a := h.SignIn(h.Enrol("OFFICER", "end_user", "officer")).Get(one).Want(t, http.StatusOK)
	wantText(t, a, "Close the case")
	lacksText(t, a, "/access?account=")

	officer.Get("/portal/admin/emergencies/none").Want(t, http.StatusNotFound)
	officer.Post("/portal/admin/emergencies/none", "finding", "x").Want(t, http.StatusNotFound)
}

// Openings come in parts, the newest first.
func TestOpeningsAreShownInParts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO thalamus_emergencies (id, person, account, purpose, reason, until, reviewed, acknowledged)
		SELECT to_char(n, 'FM000'), $1, 'DOC' || n, 'ETREAT', 'because of a reason', now(), now(), now() FROM generate_series(1, 26) AS n`, ana[0])
	for path, account := range map[string][]string{"/portal/emergencies": ana, "/portal/admin/emergencies?closed=1": root} {
		b := h.SignIn(account)
		first := b.Get(path).Want(t, http.StatusOK)
		second := b.Get(href(first, "next")).Want(t, http.StatusOK)
		if strings.Count(first.Text, "<bdi>DOC") != 25 || strings.Count(second.Text, "<bdi>DOC") != 1 || !strings.Contains(second.Text, "<bdi>DOC1</bdi>") {
			t.Errorf("%s\nthen %s", first.Text, second.Text)
		}
		b.Get(path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"after=!").Want(t, http.StatusUnprocessableEntity)
	}
}
