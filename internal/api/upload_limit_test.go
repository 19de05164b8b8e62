// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func smallDocuments(o *testhub.Options) { o.MaxDocument, o.MaxBody = 1000, 4000 }

func TestADocumentOfExactlyTheLimitIsTakenAndOneByteMoreIsNot(t *testing.T) {
	t.Parallel()
	h := quickHub(t, smallDocuments)
	fits, over := strings.Repeat("x", 1000), strings.Repeat("x", 1001)
	h.Do(ana, http.MethodPost, birthDocs+"?id=raw", fits).Want(t, http.StatusCreated)
	h.UploadChunked(ana, birthDocs+"?id=chunked", strings.NewReader(fits)).Want(t, http.StatusCreated)
	h.uploadForm(ana, birthDocs+"?id=form", documentPart(fits)).Want(t, http.StatusCreated)
	for _, body := range []string{over, strings.Repeat("x", 5001)} { // the second could not be a form of what fits
		h.Do(ana, http.MethodPost, birthDocs, body).WantError(t, http.StatusRequestEntityTooLarge)
		h.UploadChunked(ana, birthDocs, strings.NewReader(body)).WantError(t, http.StatusRequestEntityTooLarge)
		h.uploadForm(ana, birthDocs, documentPart(body)).WantError(t, http.StatusRequestEntityTooLarge)
	}
	h.uploadForm(ana, birthDocs, documentPart("x"), dataPart(`{"a": "`+strings.Repeat("x", 4000)+`"}`)).
		WantError(t, http.StatusRequestEntityTooLarge)
	h.wantCount(t, "5")
}

// Python's clients send everything before they look at the reply. A connection
// that is reset meanwhile tells them nothing.
func TestARefusedUploadIsTakenInBeforeItIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.MaxDocument = 1 << 20 })
	const most = 8 << 20
	raw, large := strings.Repeat("x", most), documentPart(strings.Repeat("x", most))
	unknown := form(part{`form-data; name="file"`, "", raw})
	for name, c := range map[string]struct {
		status            int
		contentType, body string
	}{
		"raw":                   {http.StatusRequestEntityTooLarge, "image/png", raw},
		"form":                  {http.StatusRequestEntityTooLarge, formType, form(large)},
		"unknown part":          {http.StatusRequestEntityTooLarge, formType, unknown},
		"data that is not JSON": {http.StatusBadRequest, formType, form(dataPart(`{bad}`), large)},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.dial()
			w.send(head(http.MethodPost, birthDocs, "Content-Type", c.contentType, "Content-Length", len(c.body)), c.body)
			if a := w.answer(); a.StatusCode != c.status {
				t.Errorf("%s: status %d, want %d: %s", name, a.StatusCode, c.status, a.Text)
			}
			w.stillWorks(name)
			if name == "raw" { // its length says enough
				return
			}

			w.send(head(http.MethodPost, birthDocs, "Content-Type", c.contentType, "Content-Length", len(c.body), "Expect", "100-continue"))
			if a := w.answer(); a.StatusCode != http.StatusContinue {
				t.Errorf("%s: status %d before the body", name, a.StatusCode)
			}
			w.send(c.body)
			if a := w.answer(); a.StatusCode != c.status {
				t.Errorf("%s, asked for: status %d, want %d: %s", name, a.StatusCode, c.status, a.Text)
			}
			w.stillWorks(name)
		})
	}
	h.wantCount(t, "2")
}

func TestABodyThatIsKnownToBeTooLargeIsNotAskedFor(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.MaxDocument, o.MaxBody = 1<<20, 1<<20 })
	for _, path := range []string{birthDocs, "/pols/" + ana[0] + "/new"} {
		w := h.dial()
		w.send(head(http.MethodPost, path, "Content-Length", 1<<20+1, "Expect", "100-continue"))
		if a := w.answer(); a.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d: %s", path, a.StatusCode, a.Text)
		}
	}
}

func TestAnUploadThatIsBrokenOffLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, contentType := range []string{"image/png", formType} {
		h := quickHub(t)
		w := h.dial()
		w.send(head(http.MethodPost, birthDocs, "Content-Type", contentType, "Content-Length", 1<<20), form(documentPart("half"))[:120])
		w.halfClose()
		if a := w.answer(); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d: %s", contentType, a.StatusCode, a.Text)
		}
		h.Close() // waits for the handler
		h.wantCount(t, "2")
		if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
			t.Errorf("%s left %v, %v", contentType, files, err)
		}
		wantNoOpenDocuments(t)
	}
}

// wantNoOpenDocuments looks for files that have no name any more and still take
// room on the disk.
func wantNoOpenDocuments(t *testing.T) {
	t.Helper()
	const open = "/proc/self/fd"
	files, err := os.ReadDir(open)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name, _ := os.Readlink(open + "/" + file.Name()); strings.Contains(name, "thalamus-document-") {
			t.Errorf("%s is open", name)
		}
	}
}

func TestAStoredOrRefusedUploadLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	h := quickHub(t, smallDocuments)
	h.Do(ana, http.MethodPost, birthDocs, "bytes").Want(t, http.StatusCreated)
	h.Do(ana, http.MethodPost, anaDocs+"/unknown", "bytes").WantError(t, http.StatusNotFound)
	h.UploadChunked(ana, birthDocs, io.LimitReader(testhub.Noise(1<<20), 2000)).WantError(t, http.StatusRequestEntityTooLarge)
	h.uploadForm(ana, birthDocs, documentPart("a"), documentPart("b")).WantError(t, http.StatusUnprocessableEntity)
	h.Close()
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("left %v, %v", files, err)
	}
	wantNoOpenDocuments(t)
}
