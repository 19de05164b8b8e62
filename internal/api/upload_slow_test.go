// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"thalamus/internal/testhub"
)

// endless is what never ends, and counts how much of it was taken: by the connection, too,
// which has room for some megabytes.
type endless struct {
	text  string
	taken atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text)
	}
	e.taken.Add(int64(n))
	return n, nil
}

func TestAFormIsReadOnlySoFarWhateverItLacks(t *testing.T) {
	t.Parallel()
	h := quickHub(t, smallDocuments)
	for name, c := range map[string]struct{ start, rest string }{
		"the boundary":          {"", "no boundary\r\n"},
		"the end of a line":     {"", "x"},
		"the end of a header":   {"--border\r\nX-Long: ", "x"},
		"the end of headers":    {"--border\r\n", "X-More: 1\r\n"},
		"the end of a document": {strings.TrimSuffix(form(documentPart("")), "\r\n--border--\r\n"), "x"},
		"the end of data":       {"--border\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n", " "},
		"the end of other part": {"--border\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n", "x"},
		"a third part":          {strings.TrimSuffix(form(documentPart("x"), dataPart(`{}`)), "--border--\r\n"), "--border\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			body := &endless{text: c.rest}
			r := h.Request(ana, http.MethodPost, birthDocs, "")
			r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(c.start), body)), -1
			r.Header.Set("Content-Type", formType)
			a, err := testhub.Try(r)
			if err != nil || a.StatusCode < 400 || a.StatusCode >= 500 || body.taken.Load() > 64<<20 {
				t.Errorf("without %s: status %d after %d bytes, %v", name, a.StatusCode, body.taken.Load(), err)
			}
		})
	}
	h.wantCount(t, "2")
}

// A form that names a boundary, or none, is no form without it.
func TestAFormWithoutABoundaryIsMalformed(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, contentType := range []string{"multipart/form-data", "multipart/form-data; boundary=", `multipart/form-data; boundary="other"`} {
		h.DoWith(ana, http.MethodPost, birthDocs, form(documentPart("x")), "Content-Type", contentType).WantError(t, http.StatusBadRequest)
	}
}

// The bytes of slow clients wait on the disk. An account may have a quarter of it, room for
// thirty-two uploads.
func TestManySlowUploadsOfOneAccountLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.MaxDocument, o.MaxBody = 64<<10, 16<<10 })
	other := h.Enrol("FRAOTH001EUS2", "health_professional")
	slow := strings.Repeat("x", 60<<10)
	for range 10 {
		w := h.dial()
		w.send(head(http.MethodPost, birthDocs, "Content-Length", 64<<10), slow)
	}
	a := h.Do(root, http.MethodPost, birthDocs, slow)
	for a.StatusCode < http.StatusBadRequest { // the slow ones are still arriving
		a = h.Do(root, http.MethodPost, birthDocs, slow)
	}
	a.WantError(t, http.StatusServiceUnavailable)
	if a.Header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	h.Do(other, http.MethodPost, birthDocs, slow+"other").Want(t, http.StatusCreated)
	h.CloseClientConnections()
}
