// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// anasData is what only Ana, doctors and root may see of the fixture.
var anasData = []string{"Betz", "1985-10-04", "Single spontaneous delivery", "Birth", "8789981f"}

func TestNoSpellingOfAPathReachesAnothersData(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{
		"/people/ESPGNU777ORG", "/people/%45SPGNU777ORG", "/people/espgnu777org", "/People/ESPGNU777ORG", "/people/ESPGNU777ORG/",
		"/people//ESPGNU777ORG", "//people/ESPGNU777ORG", "/people/./ESPGNU777ORG", "/people/%2FESPGNU777ORG", "/people/ESPGNU777ORG%2F",
		"/people/ESPGNU777ORG%00", "/people/ESPGNU777ORG%20", "/people/%20ESPGNU777ORG", "/people/ESPGNU777ORG;a=b", "/people%2FESPGNU777ORG",
		"/people/FRAOTH001EUS/../ESPGNU777ORG", "/people/FRAOTH001EUS%2F..%2FESPGNU777ORG", "/people/FRAOTH001EUS/%2e%2e/ESPGNU777ORG",
		"/people/FRAOTH001EUS%00ESPGNU777ORG", "/people/FRAOTH001EUS,ESPGNU777ORG", "/people/%25", "/people/*", "/people/%",
		"/people/\u0415SPGNU777ORG", "/people/\uff25SPGNU777ORG", "/people/eſpgnu777org", "/people/ESPGNU777ORG\u200b",
		"/pols/ESPGNU777ORG", "/pols/FRAOTH001EUS/../ESPGNU777ORG", "/pols/FRAOTH001EUS%2F..%2FESPGNU777ORG",
		"/pols/FRAOTH001EUS/../ESPGNU777ORG/" + birthPage, "/pols//ESPGNU777ORG/" + birthPage, "/pols/ESPGNU777ORG%2F" + birthPage,
		"/personal_docs/FRAOTH001EUS/../ESPGNU777ORG", "/personal_docs//ESPGNU777ORG",
		"/people?id=ESPGNU777ORG", "/people/FRAOTH001EUS?person=ESPGNU777ORG", "/people/FRAOTH001EUS?ESPGNU777ORG",
		"/pols/FRAOTH001EUS?person=ESPGNU777ORG&book=ESPGNU777ORG&", "/password/ESPGNU777ORG", "/password/FRAOTH001EUS?person=ESPGNU777ORG",
	} {
		r := h.Request(other, "GET", "/", "")
		r.URL.Opaque = strings.ReplaceAll(path, " ", "%20") // as it is, without Go's spelling
		a := h.Send(r)
		mine := strings.Contains(path, "FRAOTH001EUS?") // the query is ignored
		if a.StatusCode < http.StatusBadRequest && !mine || a.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s: status %d", path, a.StatusCode)
		}
		for _, text := range anasData {
			if strings.Contains(a.Text, text) {
				t.Errorf("%s shows %s", path, text)
			}
		}
	}
}

func TestAPageIsReachedThroughItsOwnBookOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.DB.Text(`SELECT data::text FROM pols WHERE id = 'page-of-other-0001'`)
	for _, who := range [][]string{ana, cameron, root} {
		const path = "/pols/ESPGNU777ORG/page-of-other-0001"
		a := h.Do(who, "GET", path, "").Want(t, http.StatusNotFound)
		if strings.Contains(a.Text, "secret") {
			t.Errorf("the page is shown: %s", a.Text)
		}
		h.Do(who, "HEAD", path, "").Want(t, http.StatusNotFound)
		h.Do(who, "PATCH", path, `{"summary":"changed"}`).Want(t, http.StatusNotFound)
		h.Do(who, "PATCH", path, `{"id":"page-of-other-0001","book":"ESPGNU777ORG"}`).Want(t, http.StatusNotFound)
		h.Do(who, "POST", path, `{"id":"page-of-other-0001"}`).Want(t, http.StatusConflict)
		h.Do(who, "POST", path, before).Want(t, http.StatusConflict)
	}
	h.Do(ana, "DELETE", "/pols/ESPGNU777ORG/page-of-other-0001", "").Want(t, http.StatusForbidden)
	h.Do(root, "DELETE", "/pols/ESPGNU777ORG/page-of-other-0001", "").Want(t, http.StatusNotFound)
	if after := h.DB.Text(`SELECT data::text FROM pols WHERE id = 'page-of-other-0001' AND book = 'FRAOTH001EUS'`); after != before {
		t.Errorf("the page is now %s", after)
	}
}

// The same content in another book is no replay: it would tell that one has guessed it.
func TestAPageOfAnotherBookIsNoReplay(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE pols SET data = '{"id":"page-of-other-0001","summary":"guessed"}' WHERE id = 'page-of-other-0001'`)
	right := h.Do(ana, "POST", "/pols/ESPGNU777ORG/page-of-other-0001", `{"id":"page-of-other-0001","summary":"guessed"}`)
	wrong := h.Do(ana, "POST", "/pols/ESPGNU777ORG/page-of-other-0001", `{"id":"page-of-other-0001","summary":"missed"}`)
	if right.Want(t, http.StatusConflict).Comparable() != wrong.Want(t, http.StatusConflict).Comparable() {
		t.Errorf("right: %s, wrong: %s", right.Text, wrong.Text)
	}
}

func TestADocumentIsReachedThroughItsOwnPageOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const document = "8789981f-4e31-48d5-8eb8-1774dac8b8f6"
	const rows = `SELECT md5(string_agg(d::text, ',' ORDER BY id)) FROM personal_docs d`
	before := h.DB.Text(rows)
	for _, path := range []string{
		"/personal_docs/FRAOTH001EUS/" + birthPage + "/" + document, "/personal_docs/FRAOTH001EUS/page-of-other-0001/" + document,
	} {
		for _, who := range [][]string{other, cameron, root} {
			h.Do(who, "GET", path, "").Want(t, http.StatusNotFound)
		}
		h.Do(root, "PATCH", path, `{"type":"changed"}`).Want(t, http.StatusNotFound)
		h.Do(root, "DELETE", path, "").Want(t, http.StatusNotFound)
	}
	if a := h.Do(other, "GET", "/personal_docs/FRAOTH001EUS/"+birthPage, ""); a.Text != "[]" {
		t.Errorf("the documents of another's page: %s", a.Text)
	}
	h.Do(other, "POST", "/personal_docs/FRAOTH001EUS/"+birthPage, "bytes").Want(t, http.StatusNotFound)
	h.Do(other, "POST", "/personal_docs/FRAOTH001EUS/page-of-other-0001?id="+document, "bytes").Want(t, http.StatusConflict)
	if h.DB.Text(rows) != before {
		t.Error("a document was changed through another's path")
	}
}
