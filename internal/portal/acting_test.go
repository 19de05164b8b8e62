// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"testing"

	"thalamus/internal/testhub"
)

const child = "/portal/people/CHILD"

// A registrar lets a mother act for her child until a day; she finds the book on her home page, reads it and writes nothing;
// the day the statement ends she reads it no more.
func TestAMotherReadsForHerChildUntilTheStatementEnds(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	own := h.Enrol("CHILD", "end_user")
	addPage(h, "CHILD", "cold", `{"summary": "A cold", "page_date": "2026-05-01"}`)
	addPage(h, "CHILD", "secret", `{"summary": "A secret", "page_date": "2026-05-02", "privacy": true}`)
	mother, registrar := h.SignIn(ana), h.SignIn(root)
	lacksText(t, mother.Get("/portal/").Want(t, http.StatusOK), child)
	mother.Get(child+"/book").Want(t, http.StatusForbidden)

	wantText(t, registrar.Get(child+"/new-consent").Want(t, http.StatusOK), "Act for this person")
	sayIn(registrar, child, "act", "*", "account", "espgnu777org", "2099-01-01").Want(t, http.StatusSeeOther)
	wantText(t, registrar.Get(child+"/consents").Want(t, http.StatusOK), "<b>Act for this person</b>", "Account <bdi>"+ana[0]+"</bdi>")

	wantText(t, mother.Get("/portal/").Want(t, http.StatusOK), `href="`+child+`/book"`, "until <time")
	book := mother.Get(child+"/book").Want(t, http.StatusOK)
	wantText(t, book, "A cold", "Not all of this book")
	lacksText(t, book, "A secret")
	for path, status := range map[string]int{"": http.StatusOK, "/page/cold": http.StatusOK, "/page/secret": http.StatusNotFound, "/access": http.StatusOK, "/measurements": http.StatusOK, "/consents": http.StatusForbidden, "/emergency": http.StatusForbidden} {
		mother.Get(child+path).Want(t, status)
	}
	mother.Post(child+"/new", "id", "x", "summary", "x").Want(t, http.StatusForbidden)
	h.SignIn(other).Get(child+"/book").Want(t, http.StatusForbidden)
	lacksText(t, h.SignIn(other).Get("/portal/").Want(t, http.StatusOK), child)

	copyLines()
	b := h.SignIn(own)
	wantText(t, b.Get("/portal/access").Want(t, http.StatusOK), "book of life · acting for the person")
	wantText(t, b.Get("/portal/book").Want(t, http.StatusOK), "A secret", "Hidden from: Everybody")
	list := b.Get("/portal/consents").Want(t, http.StatusOK)
	wantText(t, list, "Act for this person")
	lacksText(t, list, "End this")

	h.DB.Exec(`UPDATE thalamus_consents SET until = now()`)
	mother.Get(child+"/book").Want(t, http.StatusForbidden)
	lacksText(t, mother.Get("/portal/").Want(t, http.StatusOK), child)
}

// Only a registrar lets somebody act, one account for a whole book; what is wrong comes back.
func TestWhoActsForSomebodyIsSaidByARegistrar(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	own := h.Enrol("CHILD", "end_user")
	b := h.SignIn(own)
	lacksText(t, b.Get("/portal/new-consent").Want(t, http.StatusOK), "Act for this person")
	wantText(t, sayIn(b, "/portal", "act", "*", "account", ana[0], "").Want(t, http.StatusUnprocessableEntity), "Choose one of these.")
	registrar := h.SignIn(root)
	for _, c := range []struct{ scope, kind, who, want string }{
		{"domain:medical", "account", ana[0], "does so for the whole book"}, {"*", "*", "", "One account acts for a person."}, {"*", "institution", "INST1", "One account acts for a person."},
		{"*", "account", "NOBODY", "There is no such account"}, {"*", "account", "child", "There is no such account"}, {"*", "account", "", "Say which one."},
	} {
		wantText(t, sayIn(registrar, child, "act", c.scope, c.kind, c.who, "").Want(t, http.StatusUnprocessableEntity), c.want)
	}
	sayIn(registrar, child, "act", "*", "account", ana[0], "").Want(t, http.StatusSeeOther)
	one := consentPath.FindStringSubmatch(registrar.Get(child + "/consents").Text)[1]
	b.Post("/portal/consents/"+one[len(child+"/consents/"):]).Want(t, http.StatusForbidden)
	registrar.Post(one).Want(t, http.StatusSeeOther)
	h.SignIn(ana).Get(child+"/book").Want(t, http.StatusForbidden)
}
