// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

func TestTheSameBytesAgainAreTheDocumentThatIsThere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	first := h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"id": "d1", "type": "scan"}`)).Want(t, http.StatusCreated)
	for _, again := range []testhub.Answer{
		h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"id": "d1", "type": "scan"}`)),
		h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"id": "d1", "type": "other"}`)),
		h.Do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes"),
		h.Do(ana, http.MethodPost, birthDocs, "bytes"),
		h.Do(cameron, http.MethodPost, birthDocs, "bytes"),
	} {
		again.Want(t, http.StatusOK)
		if diff := cmp.Diff(first.Fields(t), again.Fields(t)); diff != "" || again.Header.Get("Location") != first.Header.Get("Location") {
			t.Errorf("location %q (-first +again)\n%s", again.Header.Get("Location"), diff)
		}
	}
	h.wantCount(t, "3")
}

func TestAnIDThatIsTakenByOtherBytesOrAnotherPageIsAConflict(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes").Want(t, http.StatusCreated)
	h.Do(ana, http.MethodPost, birthDocs+"?id=d1", "other bytes").WantError(t, http.StatusConflict)
	h.Do(ana, http.MethodPost, anaDocs+"/919c352f-7e4f-5341-7c22-8423acf76b32?id=d1", "bytes").WantError(t, http.StatusConflict)
	h.Do(other, http.MethodPost, otherDocs+"?id=d1", "bytes").WantError(t, http.StatusConflict)
	h.Do(other, http.MethodPost, otherDocs+"?id=doc-nobytes", "bytes").WantError(t, http.StatusConflict)
	if got := h.Do(ana, http.MethodGet, birthDocs+"/d1", "").Text; got != "bytes" {
		t.Errorf("the document is now %q", got)
	}
	h.wantCount(t, "3")
}

func TestTheSameBytesOnAnotherPageAreAnotherDocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{birthDocs, anaDocs + "/919c352f-7e4f-5341-7c22-8423acf76b32", otherDocs, birthDocs + "?id=d1"} {
		h.Do(root, http.MethodPost, path, "bytes").Want(t, http.StatusCreated)
	}
	h.wantCount(t, "6")
}

// Nobody could read the document that such an upload would be told of.
func TestARowThatIsServedToNobodyIsNotTheDocumentThatIsThere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.store("d1", "bytes", `null`)
	h.Do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes").WantError(t, http.StatusConflict)
	a := h.Do(ana, http.MethodPost, birthDocs, "bytes").Want(t, http.StatusCreated)
	h.Do(ana, http.MethodGet, a.Header.Get("Location"), "").Want(t, http.StatusOK)
}

func TestIdenticalUploadsAtOnceMakeOneDocument(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"", "?id=d1"} {
		h := quickHub(t)
		statuses := h.atOnce(other, http.MethodPost, otherDocs+query, strings.Repeat("bytes", 1000))
		if statuses[http.StatusCreated] != 1 || statuses[http.StatusOK] != crowd-1 {
			t.Errorf("%q: so many were told what: %v", query, statuses)
		}
		h.wantCount(t, "3")
	}
}

// Uploads to two pages do not wait for each other. The trigger stands for one
// that was faster, just behind the look for the id.
func TestAnIDThatIsTakenBetweenLookingAndStoringIsAConflict(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`CREATE FUNCTION be_faster() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		INSERT INTO personal_docs VALUES (NEW.id, 'FRAOTH001EUS', 'page-of-other-0001', 'faster', '{}'); RETURN NEW; END $$`)
	h.DB.Exec(`CREATE TRIGGER be_faster BEFORE INSERT ON personal_docs FOR EACH ROW
		WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION be_faster()`)
	h.Do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes").WantError(t, http.StatusConflict)
	h.wantCount(t, "2")
}
