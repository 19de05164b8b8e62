// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestANewPageIsWhatWasSent(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const body = `{"id":"new page","info":"ñ","n":12345678901234567890.10}`
	a := h.do(other, "POST", "/pols/FRAOTH001EUS/new%20page", "\uFEFF"+body).want(t, http.StatusCreated)
	if got := a.Header.Get("Location"); got != "/pols/FRAOTH001EUS/new%20page" {
		t.Errorf("Location is %q", got)
	}
	if a.body != `{"n": 12345678901234567890.10, "id": "new page", "info": "ñ"}` {
		t.Errorf("the reply is %s", a.body)
	}
	h.do(other, "POST", "/pols/FRAOTH001EUS/new%20page", body).want(t, http.StatusOK)
}

func TestANewPageSaysItsIdAndNoOtherBook(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, body := range []string{
		`{}`, `{"id":null}`, `{"id":"other"}`, `{"id":7}`, `{"id":["p"]}`, `{"ID":"p"}`, `{"id":"P"}`, `{"id":"p","id":"q"}`,
		`{"id":"p","book":"FRAOTH001EUS"}`, `{"id":"p","book":null}`, `{"id":"p","book":""}`, `{"id":"p","book":"espgnu777org"}`,
	} {
		h.do(ana, "POST", "/pols/ESPGNU777ORG/p", body).want(t, http.StatusUnprocessableEntity)
	}
	h.do(ana, "POST", "/pols/ESPGNU777ORG/p", `{"id":"p","book":"ESPGNU777ORG"}`).want(t, http.StatusCreated)
	h.do(ana, "POST", "/pols/ESPGNU777ORG/q", `{"\u0069d":"q"}`).want(t, http.StatusCreated)
}

func TestABookOfNobodyTakesNoPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, page := range []string{"new", birthPage} {
		a := h.do(cameron, "POST", "/pols/NOBODY999/"+page, `{"id":"`+page+`"}`).want(t, http.StatusNotFound)
		if a.body != `{"error":"Person not found"}` {
			t.Error(a.body)
		}
	}
}

func TestAPageSentAgainIsASuccessUnlessItIsAnother(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path, body = "/pols/FRAOTH001EUS/again", `{"id":"again","n":1,"list":[1,2],"none":null}`
	h.do(other, "POST", path, body).want(t, http.StatusCreated)
	h.do(other, "POST", path, `{"list":[1,2],"none":null,"n":1.0,"id":"again"}`).want(t, http.StatusOK)
	for _, differs := range []string{`{"id":"again","n":1,"list":[2,1],"none":null}`, `{"id":"again","n":1,"list":[1,2]}`, `{"id":"again"}`} {
		h.do(other, "POST", path, differs).want(t, http.StatusConflict)
	}
	h.do(cameron, "PATCH", path, `{"n":2}`).want(t, http.StatusOK)
	h.do(cameron, "PATCH", path, `{"n":3}`).want(t, http.StatusOK)
	h.do(other, "POST", path, body).want(t, http.StatusOK)                                             // as created
	h.do(other, "POST", path, strings.Replace(body, `"n":1`, `"n":3`, 1)).want(t, http.StatusOK)       // as it is now
	h.do(other, "POST", path, strings.Replace(body, `"n":1`, `"n":2`, 1)).want(t, http.StatusConflict) // in between
	if a := h.do(other, "GET", path, ""); !strings.Contains(a.body, `"n": 3`) {
		t.Errorf("repetitions changed the page to %s", a.body)
	}
}

func TestAPatchRepeatsIdAndBookButDoesNotChangeThem(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path = "/pols/ESPGNU777ORG/" + "emptypage"
	h.do(ana, "PATCH", path, `{"id":"emptypage","book":"ESPGNU777ORG","summary":"x"}`).want(t, http.StatusOK)
	for _, body := range []string{`{"id":"other"}`, `{"id":null}`, `{"book":"FRAOTH001EUS"}`, `{"book":null}`, `{"b\u006fok":"FRAOTH001EUS"}`} {
		h.do(ana, "PATCH", path, body).want(t, http.StatusUnprocessableEntity)
	}
	if a := h.do(ana, "PATCH", "/pols/ESPGNU777ORG/none", `{}`).want(t, http.StatusNotFound); a.body != `{"error":"Page not found"}` {
		t.Error(a.body)
	}
}

func TestDeletingAPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if a := h.do(root, "DELETE", "/pols/ESPGNU777ORG/none", "").want(t, http.StatusNotFound); a.body != `{"error":"Page not found"}` {
		t.Error(a.body)
	}
	h.do(root, "DELETE", "/pols/ESPGNU777ORG/"+birthPage, "").want(t, http.StatusConflict) // has a document
	h.do(root, "DELETE", "/pols/ESPGNU777ORG/emptypage", "").want(t, http.StatusNoContent)
	h.do(root, "GET", "/pols/ESPGNU777ORG/emptypage", "").want(t, http.StatusNotFound)
	h.do(root, "DELETE", "/pols/ESPGNU777ORG", "").want(t, http.StatusConflict) // not the whole book
	h.do(root, "GET", "/pols/ESPGNU777ORG/"+birthPage, "").want(t, http.StatusOK)
}

func TestPagesThatAreNoObjectAreServedToNobody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.db.Exec(`INSERT INTO pols VALUES ('null', 'NOPASS001', NULL), ('list', 'NOPASS001', '["hidden"]')`)
	if a := h.do(root, "GET", "/pols/NOPASS001", ""); a.body != "[]" {
		t.Errorf("the book is %s", a.body)
	}
	h.do(root, "GET", "/pols/NOPASS001/list", "").want(t, http.StatusNotFound)
	h.do(root, "PATCH", "/pols/NOPASS001/list", `{}`).want(t, http.StatusUnprocessableEntity)
	h.do(root, "PATCH", "/pols/NOPASS001/null", `{"id":"null"}`).want(t, http.StatusOK)
	if a := h.do(root, "GET", "/pols/NOPASS001", ""); a.body != `[[{"id": "null"}]]` {
		t.Errorf("the book is %s", a.body)
	}
}
