// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

func TestANewPageSaysItsId(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, body := range []string{
		`{}`, `{"id":null}`, `{"id":"other"}`, `{"id":7}`, `{"id":["p"]}`, `{"ID":"p"}`, `{"id":"P"}`, `{"id":"p","id":"q"}`,
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

// A phone writes pages before it has an account, and sends them unchanged when it has.
func TestThePathDecidesWhosePageItIsWhateverTheBodySays(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, said := range []string{`null`, `"espgnu777org"`, `"FRAOTH001EUS"`, `"OLD MISTYPED"`, `""`, `7`, `["ESPGNU777ORG"]`, `{"id": "x"}`} {
		id := fmt.Sprintf("early-%d", i)
		body := fmt.Sprintf(`{"id": %q, "book": %[2]s, "author": %[2]s, "author_acct": %[2]s}`, id, said)
		path := "/pols/ESPGNU777ORG/" + id
		for _, want := range []int{http.StatusCreated, http.StatusOK} {
			h.do(ana, "POST", path, body).want(t, want)
		}
		if diff := cmp.Diff(decode(t, body), decode(t, h.do(ana, "GET", path, "").want(t, http.StatusOK).body)); diff != "" {
			t.Errorf("%s (-sent +stored)\n%s", said, diff)
		}
		if got := h.db.Text(`SELECT book FROM pols WHERE id = $1`, id); got != ana[0] {
			t.Errorf("%s is %s's", said, got)
		}
		h.do(other, "GET", path, "").want(t, http.StatusForbidden)
		h.do(other, "GET", "/pols/"+other[0]+"/"+id, "").want(t, http.StatusNotFound)
		h.do(other, "POST", "/pols/"+other[0]+"/"+id, body).want(t, http.StatusConflict)
	}
	if a := h.do(other, "GET", "/pols/"+other[0], "").want(t, http.StatusOK); strings.Contains(a.body, "early-") {
		t.Errorf("they show in the book that the bodies name: %s", a.body)
	}
}

// Whose a page is, in every way to read it, is what the path of its creation said.
func TestTheBodysBookReachesNobodysPast(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const id, body = "mine", `{"id": "mine", "book": "FRAOTH001EUS", "summary": "anas"}`
	h.do(ana, "POST", "/pols/"+ana[0]+"/"+id, body).want(t, http.StatusCreated)
	h.do(ana, "PATCH", "/pols/"+ana[0]+"/"+id, `{"summary": "anas second"}`).want(t, http.StatusOK)
	for _, path := range []string{"/changes", "/pols/%s", "/pols/%s/mine/history", "/pols/%s/mine?version=1"} {
		if !strings.Contains(path, "%s") {
			path += "?resource=page&person=%s"
		}
		if a := h.do(ana, "GET", fmt.Sprintf(path, ana[0]), ""); !strings.Contains(a.body, "anas") {
			t.Errorf("%s shows its owner %d %s", path, a.StatusCode, a.body)
		}
		for _, person := range []string{ana[0], other[0]} {
			if a := h.do(other, "GET", fmt.Sprintf(path, person), ""); strings.Contains(a.body, "anas") {
				t.Errorf("%s of %s shows another %s", path, person, a.body)
			}
		}
	}
}

func TestAPatchRepeatsTheBookAsStoredAsSpelledOrAsItWasSent(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.do(ana, "POST", "/pols/"+ana[0]+"/p", `{"id": "p", "book": "old"}`).want(t, http.StatusCreated)
	for _, c := range []struct{ path, book, stored string }{
		{ana[0], `"old"`, `"old"`},
		{small(ana), `"` + small(ana) + `"`, `"old"`}, // the path's other spelling is not merged
		{small(ana), `"old"`, `"old"`},
		{small(ana), `"` + ana[0] + `"`, `"` + ana[0] + `"`},
	} {
		h.do(cameron, "PATCH", "/pols/"+c.path+"/p", `{"id": "p", "book": `+c.book+`}`).want(t, http.StatusOK)
		if got := h.db.Text(`SELECT (data -> 'book')::text FROM pols WHERE id = 'p'`); got != c.stored {
			t.Errorf("%s through %s: stored is %s, want %s", c.book, c.path, got, c.stored)
		}
	}
	for path, book := range map[string]string{ana[0]: `"` + small(ana) + `"`, small(ana): `"eSPGNU777ORG"`, "ESPGNU777ORG": `null`, "espgnu777org": `"FRAOTH001EUS"`} {
		h.do(cameron, "PATCH", "/pols/"+path+"/p", `{"book": `+book+`}`).want(t, http.StatusUnprocessableEntity)
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
	h.do(root, "DELETE", "/pols/ESPGNU777ORG", "").want(t, http.StatusMethodNotAllowed) // not the whole book
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
