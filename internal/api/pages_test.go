// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

func TestANewPageIsWhatWasSent(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const body = `{"id":"new page","info":"ñ","n":12345678901234567890.10}`
	a := h.Do(other, "POST", "/pols/FRAOTH001EUS/new%20page", "\uFEFF"+body).Want(t, http.StatusCreated)
	if got := a.Header.Get("Location"); got != "/pols/FRAOTH001EUS/new%20page" {
		t.Errorf("Location is %q", got)
	}
	if a.Text != `{"n": 12345678901234567890.10, "id": "new page", "info": "ñ"}` {
		t.Errorf("the reply is %s", a.Text)
	}
	h.Do(other, "POST", "/pols/FRAOTH001EUS/new%20page", body).Want(t, http.StatusOK)
}

func TestANewPageSaysItsId(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, body := range []string{
		`{}`, `{"id":null}`, `{"id":"other"}`, `{"id":7}`, `{"id":["p"]}`, `{"ID":"p"}`, `{"id":"P"}`, `{"id":"p","id":"q"}`,
	} {
		h.Do(ana, "POST", "/pols/ESPGNU777ORG/p", body).Want(t, http.StatusUnprocessableEntity)
	}
	h.Do(ana, "POST", "/pols/ESPGNU777ORG/p", `{"id":"p","book":"ESPGNU777ORG"}`).Want(t, http.StatusCreated)
	h.Do(ana, "POST", "/pols/ESPGNU777ORG/q", `{"\u0069d":"q"}`).Want(t, http.StatusCreated)
}

func TestABookOfNobodyTakesNoPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, page := range []string{"new", birthPage} {
		a := h.Do(cameron, "POST", "/pols/NOBODY999/"+page, `{"id":"`+page+`"}`).Want(t, http.StatusNotFound)
		if a.Failure().Error != "Person not found" {
			t.Error(a.Text)
		}
	}
}

func TestAPageSentAgainIsASuccessUnlessItIsAnother(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path, body = "/pols/FRAOTH001EUS/again", `{"id":"again","n":1,"list":[1,2],"none":null}`
	h.Do(other, "POST", path, body).Want(t, http.StatusCreated)
	h.Do(other, "POST", path, `{"list":[1,2],"none":null,"n":1.0,"id":"again"}`).Want(t, http.StatusOK)
	for _, differs := range []string{`{"id":"again","n":1,"list":[2,1],"none":null}`, `{"id":"again","n":1,"list":[1,2]}`, `{"id":"again"}`} {
		h.Do(other, "POST", path, differs).Want(t, http.StatusConflict)
	}
	h.Do(cameron, "PATCH", path, `{"n":2}`).Want(t, http.StatusOK)
	h.Do(cameron, "PATCH", path, `{"n":3}`).Want(t, http.StatusOK)
	h.Do(other, "POST", path, body).Want(t, http.StatusOK)                                             // as created
	h.Do(other, "POST", path, strings.Replace(body, `"n":1`, `"n":3`, 1)).Want(t, http.StatusOK)       // as it is now
	h.Do(other, "POST", path, strings.Replace(body, `"n":1`, `"n":2`, 1)).Want(t, http.StatusConflict) // in between
	if a := h.Do(other, "GET", path, ""); !strings.Contains(a.Text, `"n": 3`) {
		t.Errorf("repetitions changed the page to %s", a.Text)
	}
}

func TestAPatchRepeatsIdAndBookButDoesNotChangeThem(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path = "/pols/ESPGNU777ORG/" + "emptypage"
	h.Do(ana, "PATCH", path, `{"id":"emptypage","book":"ESPGNU777ORG","summary":"x"}`).Want(t, http.StatusOK)
	for _, body := range []string{`{"id":"other"}`, `{"id":null}`, `{"book":"FRAOTH001EUS"}`, `{"book":null}`, `{"b\u006fok":"FRAOTH001EUS"}`} {
		h.Do(ana, "PATCH", path, body).Want(t, http.StatusUnprocessableEntity)
	}
	if a := h.Do(ana, "PATCH", "/pols/ESPGNU777ORG/none", `{}`).Want(t, http.StatusNotFound); a.Failure().Error != "Page not found" {
		t.Error(a.Text)
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
			h.Do(ana, "POST", path, body).Want(t, want)
		}
		if diff := cmp.Diff(decode(t, body), decode(t, h.Do(ana, "GET", path, "").Want(t, http.StatusOK).Text)); diff != "" {
			t.Errorf("%s (-sent +stored)\n%s", said, diff)
		}
		if got := h.DB.Text(`SELECT book FROM pols WHERE id = $1`, id); got != ana[0] {
			t.Errorf("%s is %s's", said, got)
		}
		h.Do(other, "GET", path, "").Want(t, http.StatusForbidden)
		h.Do(other, "GET", "/pols/"+other[0]+"/"+id, "").Want(t, http.StatusNotFound)
		h.Do(other, "POST", "/pols/"+other[0]+"/"+id, body).Want(t, http.StatusConflict)
	}
	if a := h.Do(other, "GET", "/pols/"+other[0], "").Want(t, http.StatusOK); strings.Contains(a.Text, "early-") {
		t.Errorf("they show in the book that the bodies name: %s", a.Text)
	}
}

// A page belongs to the person in the path of its creation, in every way to read it.
func TestTheBodysBookReachesNobodysPast(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const id, body = "mine", `{"id": "mine", "book": "FRAOTH001EUS", "summary": "anas"}`
	h.Do(ana, "POST", "/pols/"+ana[0]+"/"+id, body).Want(t, http.StatusCreated)
	h.Do(ana, "PATCH", "/pols/"+ana[0]+"/"+id, `{"summary": "anas second"}`).Want(t, http.StatusOK)
	for _, path := range []string{"/changes", "/pols/%s", "/pols/%s/mine/history", "/pols/%s/mine?version=1"} {
		if !strings.Contains(path, "%s") {
			path += "?resource=page&person=%s"
		}
		if a := h.Do(ana, "GET", fmt.Sprintf(path, ana[0]), ""); !strings.Contains(a.Text, "anas") {
			t.Errorf("%s shows its owner %d %s", path, a.StatusCode, a.Text)
		}
		for _, person := range []string{ana[0], other[0]} {
			if a := h.Do(other, "GET", fmt.Sprintf(path, person), ""); strings.Contains(a.Text, "anas") {
				t.Errorf("%s of %s shows another %s", path, person, a.Text)
			}
		}
	}
}

func TestAPatchRepeatsTheBookAsStoredAsSpelledOrAsItWasSent(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(ana, "POST", "/pols/"+ana[0]+"/p", `{"id": "p", "book": "old"}`).Want(t, http.StatusCreated)
	for _, c := range []struct{ path, book, stored string }{
		{ana[0], `"old"`, `"old"`},
		{testhub.Small(ana), `"` + testhub.Small(ana) + `"`, `"old"`}, // the path's other spelling is not merged
		{testhub.Small(ana), `"old"`, `"old"`},
		{testhub.Small(ana), `"` + ana[0] + `"`, `"` + ana[0] + `"`},
	} {
		t.Run(c.path, func(t *testing.T) {
			h.Do(cameron, "PATCH", "/pols/"+c.path+"/p", `{"id": "p", "book": `+c.book+`}`).Want(t, http.StatusOK)
			if got := h.DB.Text(`SELECT (data -> 'book')::text FROM pols WHERE id = 'p'`); got != c.stored {
				t.Errorf("%s through %s: stored is %s, want %s", c.book, c.path, got, c.stored)
			}
		})
	}
	for path, book := range map[string]string{ana[0]: `"` + testhub.Small(ana) + `"`, testhub.Small(ana): `"eSPGNU777ORG"`, "ESPGNU777ORG": `null`, "espgnu777org": `"FRAOTH001EUS"`} {
		t.Run(path, func(t *testing.T) {
			h.Do(cameron, "PATCH", "/pols/"+path+"/p", `{"book": `+book+`}`).Want(t, http.StatusUnprocessableEntity)
		})
	}
}

func TestDeletingAPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if a := h.Do(root, "DELETE", "/pols/ESPGNU777ORG/none", "").Want(t, http.StatusNotFound); a.Failure().Error != "Page not found" {
		t.Error(a.Text)
	}
	h.Do(root, "DELETE", "/pols/ESPGNU777ORG/"+birthPage, "").Want(t, http.StatusConflict) // has a document
	h.Do(root, "DELETE", "/pols/ESPGNU777ORG/emptypage", "").Want(t, http.StatusNoContent)
	h.Do(root, "GET", "/pols/ESPGNU777ORG/emptypage", "").Want(t, http.StatusNotFound)
	h.Do(root, "DELETE", "/pols/ESPGNU777ORG", "").Want(t, http.StatusMethodNotAllowed) // not the whole book
	h.Do(root, "GET", "/pols/ESPGNU777ORG/"+birthPage, "").Want(t, http.StatusOK)
}

func TestPagesThatAreNoObjectAreServedToNobody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO pols VALUES ('null', 'NOPASS001', NULL), ('list', 'NOPASS001', '["hidden"]')`)
	if a := h.Do(root, "GET", "/pols/NOPASS001", ""); a.Text != "[]" {
		t.Errorf("the book is %s", a.Text)
	}
	h.Do(root, "GET", "/pols/NOPASS001/list", "").Want(t, http.StatusNotFound)
	h.Do(root, "PATCH", "/pols/NOPASS001/list", `{}`).Want(t, http.StatusUnprocessableEntity)
	h.Do(root, "PATCH", "/pols/NOPASS001/null", `{"id":"null"}`).Want(t, http.StatusOK)
	if a := h.Do(root, "GET", "/pols/NOPASS001", ""); a.Text != `[[{"id": "null"}]]` {
		t.Errorf("the book is %s", a.Text)
	}
}
