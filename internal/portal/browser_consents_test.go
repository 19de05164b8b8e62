// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
	"thalamus/internal/testhub"
)

// The story of pages that are hidden and opened, by keys alone and without script: a patient hides her psychiatric pages from
// one hospital; a doctor of its emergency room opens them with a reason, and an old client of his reads them; she is told,
// asks what he has read, and the privacy officer closes the case.
func TestHiddenPagesAreOpenedAndAskedAboutByKeysAlone(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	north := enrolAt(h, "NORTHDOC", "NORTH", "North Hospital")
	addPage(h, ana[0], "psy", `{"domain": "psychosocial", "summary": "A bad spring", "page_date": "2026-05-01"}`)

	patient := openByKeys(t, h, ana)
	patient.press("Who may read me", "Who may read my book")
	patient.press("Hide pages, or let somebody read them", "Who may read pages of my book")
	patient.fill("Which pages", "psychosocial")
	patient.fill("Whom it is about", "An institution")
	patient.fill("Which institution or account", "Hospital of nowhere")
	patient.lead("Save", http.StatusUnprocessableEntity, "Who may read pages of my book")
	patient.wantText("No institution is called that.")
	patient.fill("Which institution or account", "north hospital")
	patient.press("Save", "Who may read my book")
	patient.wantText("North Hospital (institution NORTH)")
	h.Do(north, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusNotFound)

	doctor := openByKeys(t, h, north)
	doctor.visit(hers + "/book")
	doctor.press("Open it in an emergency", "Open the book of Ana Betz in an emergency")
	doctor.fill("Reason", "Short")
	doctor.lead("Open the book", http.StatusUnprocessableEntity, "Open the book of Ana Betz in an emergency")
	doctor.wantText("Write a reason of 10 to 500 characters.")
	doctor.fill("Reason", "unconscious after an accident")
	doctor.press("Open the book", "Book of life of Ana Betz")
	doctor.wantText("You have opened this book in an emergency")
	doctor.press("A bad spring", "A bad spring")
	wantText(t, h.Do(north, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK), "A bad spring")
	copyLines()

	patient.press("My measurements", "Measurements")
	patient.wantText("Your book was opened in an emergency")
	patient.wantText("unconscious after an accident")
	patient.press("What was read on that day", "Who read about me")
	patient.wantText("NORTHDOC")

	officer := openByKeys(t, h, root)
	officer.press("Emergencies", "Books that were opened in an emergency")
	officer.press("Book of "+ana[0], "The book of "+ana[0]+" was opened")
	officer.fill("What you have found", "She was in the emergency room.")
	officer.press("Close the case", "Books that were opened in an emergency")
	officer.wantText("No case is open.")

	patient.press("I have seen it", "Who read about me")
	patient.wantText("Thank you.")
	patient.press("Who may read me", "Who may read my book")
	patient.press("When my book was opened in an emergency", "When my book was opened in an emergency")
	patient.wantText("She was in the emergency room.")
	patient.press("Who may read me", "Who may read my book")
	patient.press("End this", "What was said")
	patient.press("End it now", "Who may read my book")
	patient.wantText("Nothing is said")
}

// A registrar lets a mother act for her child, and she reads the book until that ends, by keys alone and without script.
func TestAMotherReadsForHerChildByKeysAlone(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Enrol("CHILD", "end_user")
	addPage(h, "CHILD", "cold", `{"summary": "A cold", "page_date": "2026-05-01"}`)
	registrar := openByKeys(t, h, root)
	registrar.visit(child + "/consents")
	registrar.press("Hide pages, or let somebody read them", "Who may read pages of the book of CHILD")
	registrar.fill("Hide or let read", "Act for this person")
	registrar.fill("Whom it is about", "An account")
	registrar.fill("Which institution or account", ana[0])
	registrar.press("Save", "Who may read the book of CHILD")
	registrar.wantText("That account finds the book on its home page from now on.")

	mother := openByKeys(t, h, ana)
	mother.press("Book of CHILD", "Book of life of CHILD")
	mother.press("A cold", "A cold")
	mother.press("Back to the book", "Book of life of CHILD")
	h.DB.Exec(`UPDATE thalamus_consents SET until = now()`)
	mother.lead("A cold", http.StatusForbidden, "You may not do this")
}

// Whatever is said, or written for a reason, is a text.
func TestReasonsAndStatementsAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h, c := quickHub(t), testbrowser.NewCanary(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user", "health_professional", "root"]}' WHERE id = $1`, ana[0])
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('NORTH', '{}')`)
	h.DB.Exec(`UPDATE people SET data = data || '{"institution": "NORTH"}' WHERE id = $1`, cameron[0])
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('1', $1, '*', 'institution:NORTH', 'deny'), ('2', $1, '*', 'account:A', 'permit'), ('3', $2, '*', '*', 'deny')`, ana[0], other[0])
	h.DB.Exec(`INSERT INTO thalamus_emergencies (id, person, account, purpose, reason, until) VALUES ('1', $1, $2, 'ETREAT', '', now() + interval '1 hour'), ('2', $3, $1, 'ETREAT', '', now() + interval '1 hour')`, ana[0], cameron[0], other[0])
	b := openTab(t, h)
	b.signIn(ana)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	for name, text := range attacks(c) {
		h.DB.Exec(`UPDATE institutions SET data = jsonb_build_object('name', $1::text)`, text)
		h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('name', $1::text) WHERE id = $2`, text, cameron[0])
		h.DB.Exec(`UPDATE thalamus_emergencies SET reason = left($1, 500), finding = left($1, 500), reviewed = now(), reviewer = left($1, 100)`, text)
		h.DB.Exec(`UPDATE thalamus_consents SET scope = 'type:' || left($1, 500), who = 'account:' || left($1, 500) WHERE id = '2'`, text)
		h.DB.Exec(`UPDATE pols SET data = data || jsonb_build_object('domain', left($1, 60)) WHERE book = $2`, text, ana[0])
		for _, path := range []string{
			"/portal/consents", "/portal/consents/2", "/portal/new-consent", "/portal/book", "/portal/emergencies", "/portal/admin/emergencies?closed=1",
			"/portal/admin/emergencies/1", "/portal/people/" + other[0] + "/book", "/portal/people/" + other[0] + "/emergency",
		} {
			b.visit(path)
			b.wantOnlyText(name + ", " + path)
			b.wantShown(name+", "+path, firstRunes(text, 60))
		}
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}
