// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

func TestAPatchMergesTheDataOfADocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("d1", "bytes", `{"id": "d1", "type": "scan", "nested": {"a": 1}}`)
	a := h.Do(cameron, http.MethodPatch, path, `{"type": null, "nested": {"b": 2}, "n": 1.50}`).Want(t, http.StatusOK)
	want := `{"n": 1.50, "id": "d1", "type": null, "nested": {"b": 2}}`
	if got := h.DB.Text(`SELECT data::text FROM personal_docs WHERE id = 'd1'`); got != want || a.Text != want {
		t.Errorf("stored %s, replied %s, want %s", got, a.Text, want)
	}
	if got := h.Do(ana, http.MethodGet, path, "").Text; got != "bytes" {
		t.Errorf("the bytes are now %q", got)
	}
}

func TestTheIdentityOfADocumentCannotBePatched(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.DB.Rows(`SELECT id, fedacct, pol, document, data FROM personal_docs ORDER BY id`)
	for _, patch := range []string{
		`{"id": "another"}`, `{"id": null}`, `{"id": 5}`, `{"fedacct": "FRAOTH001EUS"}`, `{"fedacct": null}`,
		`{"pol": "919c352f-7e4f-5341-7c22-8423acf76b32"}`, `{"pol": []}`,
		`{"hash": "` + strings.Repeat("0", 128) + `"}`, `{"hash": null}`, `{"hash": ""}`, `{"hash": ["` + birthHash + `"]}`,
		`{"type": "new", "hash": "x"}`, `{"hash": "` + birthHash + `", "hash": "x"}`,
	} {
		h.Do(root, http.MethodPatch, birthPNG, patch).WantError(t, http.StatusUnprocessableEntity)
	}
	if diff := cmp.Diff(before, h.DB.Rows(`SELECT id, fedacct, pol, document, data FROM personal_docs ORDER BY id`)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

func TestTheIdentityOfADocumentMayBeRepeatedInAPatch(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, hash := range []string{birthHash, strings.ToUpper(birthHash)} {
		h.Do(root, http.MethodPatch, birthPNG, `{"id": "8789981f-4e31-48d5-8eb8-1774dac8b8f6", "fedacct": "ESPGNU777ORG",
			"pol": "`+birthPage+`", "hash": "`+hash+`", "type": "photo"}`).Want(t, http.StatusOK)
	}
}

// Nodes repeat the person as their path has it.
func TestThePersonOfADocumentMayBeSpelledAsInThePath(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	small := strings.ToLower(ana[0])
	stored := func(a testhub.Answer) {
		t.Helper()
		if got := a.Fields(t)["fedacct"]; got != ana[0] {
			t.Errorf("the reply has fedacct %v", got)
		}
	}
	docs, picture := strings.Replace(birthDocs, ana[0], small, 1), strings.Replace(birthPNG, ana[0], small, 1)
	for i, said := range []string{small, ana[0]} {
		data := `{"fedacct": "` + said + `"}`
		stored(h.uploadForm(ana, docs, documentPart(strings.Repeat("x", i+1)), dataPart(data)).Want(t, http.StatusCreated))
		stored(h.Do(root, http.MethodPatch, picture, data).Want(t, http.StatusOK))
	}
	for _, c := range []struct{ docs, picture, said string }{
		{birthDocs, birthPNG, small}, {docs, picture, "espGNU777org"}, {docs, picture, strings.ToLower(other[0])},
	} {
		t.Run(c.docs, func(t *testing.T) {
			data := `{"fedacct": "` + c.said + `"}`
			h.uploadForm(ana, c.docs, documentPart("other"), dataPart(data)).WantError(t, http.StatusUnprocessableEntity)
			h.Do(root, http.MethodPatch, c.picture, data).WantError(t, http.StatusUnprocessableEntity)
		})
	}
	if got := h.DB.Text(`SELECT string_agg(DISTINCT data ->> 'fedacct', ' ') FROM personal_docs WHERE fedacct = $1`, ana[0]); got != ana[0] {
		t.Errorf("stored are %s", got)
	}
}

// Rows of others may have no hash in data; the one of the bytes counts then.
func TestAPatchMayAddTheRightHashOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE personal_docs SET data = data - 'hash'`)
	h.Do(root, http.MethodPatch, birthPNG, `{"hash": "`+strings.Repeat("0", 128)+`"}`).WantError(t, http.StatusUnprocessableEntity)
	h.Do(root, http.MethodPatch, birthPNG, `{"hash": "`+birthHash+`"}`).Want(t, http.StatusOK)
	h.Do(root, http.MethodPatch, otherDocs+"/doc-nobytes", `{"hash": "`+birthHash+`"}`).WantError(t, http.StatusUnprocessableEntity)
}

func TestADeletedDocumentIsGone(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if a := h.Do(root, http.MethodDelete, birthPNG, "").Want(t, http.StatusNoContent); a.Text != "" {
		t.Errorf("204 with a body: %s", a.Text)
	}
	for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
		h.Do(root, method, birthPNG, `{}`).WantError(t, http.StatusNotFound)
	}
}

func TestADocumentIsFoundOnItsOwnPageInItsOwnBookOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	id := strings.TrimPrefix(birthPNG, birthDocs)
	for _, path := range []string{
		otherDocs + id, anaDocs + "/919c352f-7e4f-5341-7c22-8423acf76b32" + id,
		"/personal_docs/FRAOTH001EUS/" + birthPage + id, birthDocs + "/unknown", birthDocs + "/doc-nobytes",
	} {
		h.Do(root, http.MethodGet, path, "").WantError(t, http.StatusNotFound)
		h.Do(root, http.MethodPatch, path, `{"taken": true}`).WantError(t, http.StatusNotFound)
		h.Do(root, http.MethodDelete, path, "").WantError(t, http.StatusNotFound)
	}
	if got := h.DB.Text(`SELECT count(*)::text FROM personal_docs WHERE NOT data ? 'taken'`); got != "2" {
		t.Errorf("%s of 2 documents are untouched", got)
	}
}

func TestAnEndUserReachesHerOwnDocumentsOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{anaDocs, birthDocs, birthPNG} {
		h.Do(ana, http.MethodGet, path, "").Want(t, http.StatusOK)
		h.Do(other, http.MethodGet, path, "").WantError(t, http.StatusForbidden)
		h.Do(nobody, http.MethodGet, path, "").WantError(t, http.StatusUnauthorized)
	}
	id := strings.TrimPrefix(birthPNG, birthDocs)
	h.Do(other, http.MethodGet, otherDocs+id, "").WantError(t, http.StatusNotFound)
	h.Do(other, http.MethodPost, birthDocs, "bytes").WantError(t, http.StatusForbidden)
	h.Do(other, http.MethodPost, "/personal_docs/FRAOTH001EUS/"+birthPage, "bytes").WantError(t, http.StatusNotFound)
	h.Do(ana, http.MethodDelete, birthPNG, "").WantError(t, http.StatusForbidden)
	h.Do(ana, http.MethodPost, birthDocs, "bytes").Want(t, http.StatusCreated)
}
