// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheSameBytesAgainAreTheDocumentThatIsThere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	first := h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"id": "d1", "type": "scan"}`)).want(t, http.StatusCreated)
	for _, again := range []answer{
		h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"id": "d1", "type": "scan"}`)),
		h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"id": "d1", "type": "other"}`)),
		h.do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes"),
		h.do(ana, http.MethodPost, birthDocs, "bytes"),
		h.do(cameron, http.MethodPost, birthDocs, "bytes"),
	} {
		again.want(t, http.StatusOK)
		if diff := cmp.Diff(first.fields(t), again.fields(t)); diff != "" || again.Header.Get("Location") != first.Header.Get("Location") {
			t.Errorf("location %q (-first +again)\n%s", again.Header.Get("Location"), diff)
		}
	}
	h.wantCount(t, "3")
}

func TestAnIDThatIsTakenByOtherBytesOrAnotherPageIsAConflict(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes").want(t, http.StatusCreated)
	h.do(ana, http.MethodPost, birthDocs+"?id=d1", "other bytes").wantError(t, http.StatusConflict)
	h.do(ana, http.MethodPost, anaDocs+"/919c352f-7e4f-5341-7c22-8423acf76b32?id=d1", "bytes").wantError(t, http.StatusConflict)
	h.do(other, http.MethodPost, otherDocs+"?id=d1", "bytes").wantError(t, http.StatusConflict)
	h.do(other, http.MethodPost, otherDocs+"?id=doc-nobytes", "bytes").wantError(t, http.StatusConflict)
	if got := h.do(ana, http.MethodGet, birthDocs+"/d1", "").body; got != "bytes" {
		t.Errorf("the document is now %q", got)
	}
	h.wantCount(t, "3")
}

func TestTheSameBytesOnAnotherPageAreAnotherDocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{birthDocs, anaDocs + "/919c352f-7e4f-5341-7c22-8423acf76b32", otherDocs, birthDocs + "?id=d1"} {
		h.do(root, http.MethodPost, path, "bytes").want(t, http.StatusCreated)
	}
	h.wantCount(t, "6")
}

// Nobody could read the document that such an upload would be told of.
func TestARowThatIsServedToNobodyIsNotTheDocumentThatIsThere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.store("d1", "bytes", `null`)
	h.do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes").wantError(t, http.StatusConflict)
	a := h.do(ana, http.MethodPost, birthDocs, "bytes").want(t, http.StatusCreated)
	h.do(ana, http.MethodGet, a.Header.Get("Location"), "").want(t, http.StatusOK)
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
	h.db.Exec(`CREATE FUNCTION be_faster() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		INSERT INTO personal_docs VALUES (NEW.id, 'FRAOTH001EUS', 'page-of-other-0001', 'faster', '{}'); RETURN NEW; END $$`)
	h.db.Exec(`CREATE TRIGGER be_faster BEFORE INSERT ON personal_docs FOR EACH ROW
		WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION be_faster()`)
	h.do(ana, http.MethodPost, birthDocs+"?id=d1", "bytes").wantError(t, http.StatusConflict)
	h.wantCount(t, "2")
}
