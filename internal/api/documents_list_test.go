// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestADocumentIsListedWithItsOwnerItsPageItsDataAndThePathOfItsBytes(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	data := h.DB.Text(`SELECT data::text FROM personal_docs WHERE pol = $1`, birthPage)
	want := decode(t, fmt.Sprintf(`[["ESPGNU777ORG", %q, %s, %q]]`, birthPage, data, birthPNG))
	for _, path := range []string{anaDocs, birthDocs} {
		list := h.Do(ana, http.MethodGet, path, "").Want(t, http.StatusOK)
		if diff := cmp.Diff(want, decode(t, list.Text)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
	h.Do(ana, http.MethodGet, birthPNG, "").Want(t, http.StatusOK)
}

func TestADocumentWithoutBytesIsListedWithNullAndCannotBeFetched(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	want := `[["FRAOTH001EUS","page-of-other-0001",{"id": "doc-nobytes", "type": "note", "fedacct": "FRAOTH001EUS"},null]]`
	if got := h.Do(other, http.MethodGet, otherDocs, "").Want(t, http.StatusOK).Text; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	h.Do(other, http.MethodGet, otherDocs+"/doc-nobytes", "").WantError(t, http.StatusNotFound)
}

func TestAListWithoutDocumentsIsEmpty(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{
		"/personal_docs/ITAPYT999HON", "/personal_docs/NOBODY", anaDocs + "/919c352f-7e4f-5341-7c22-8423acf76b32",
		"/personal_docs/FRAOTH001EUS/" + birthPage, // hers is another book
	} {
		if got := h.Do(cameron, http.MethodGet, path, "").Want(t, http.StatusOK).Text; got != "[]" {
			t.Errorf("%s gave %s", path, got)
		}
	}
}

// Programs of others chose ids that cannot be chosen here.
func TestThePathOfADocumentLeadsToItHoweverOddItsIDIs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`a b`, `a/b`, `100%`, `ñ☃?x=#y`, `"><script>`, `..`, "tab\tnew\nline"} {
		h := quickHub(t)
		h.DB.Exec(`DELETE FROM personal_docs`)
		h.store(id, "bytes of "+id, `{"filename": "x"}`)
		list, _ := decode(t, h.Do(ana, http.MethodGet, birthDocs, "").Want(t, http.StatusOK).Text).([]any)
		if len(list) != 1 {
			t.Fatalf("%q is listed as %v", id, list)
		}
		path, _ := list[0].([]any)[3].(string)
		if got := h.Do(ana, http.MethodGet, path, "").Want(t, http.StatusOK).Text; got != "bytes of "+id {
			t.Errorf("%q: %s gave %.100s", id, path, got)
		}
	}
}

func TestADocumentOnNoPageIsListedWithoutAPath(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`DELETE FROM personal_docs`)
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, document, data) VALUES ('loose', 'ESPGNU777ORG', 'bytes', '{}')`)
	if got := h.Do(ana, http.MethodGet, anaDocs, "").Want(t, http.StatusOK).Text; got != `[["ESPGNU777ORG",null,{},null]]` {
		t.Errorf("got %s", got)
	}
}
