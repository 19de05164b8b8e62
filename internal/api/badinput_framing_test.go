// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABodyInChunksIsABody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	w := h.dial()
	w.send(head(http.MethodPatch, "/institutions/INST1", "Transfer-Encoding", "chunked"), "4\r\n{\"a\"\r\n4\r\n: 1}\r\n0\r\n\r\n")
	if a := w.answer().Want(t, http.StatusOK); a.Fields(t)["a"] != 1.0 {
		t.Errorf("got %s", a.Text)
	}
	w.stillWorks("chunks")
}

func TestARequestWithoutABodyIsAnswered(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	w := h.dial()
	for method, paths := range writable {
		for _, path := range paths {
			w.send(head(method, path))
			w.answer().WantError(t, http.StatusBadRequest)
			w.stillWorks("no body")
		}
	}
}

func TestABodyThatIsCutOffIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.everything()
	cutOff := func(method, path string) {
		for _, request := range []string{
			head(method, path, "Content-Length", 100) + `{"a": 1}`,
			head(method, path, "Transfer-Encoding", "chunked") + "8\r\n{\"a\": 1}\r\n",
		} {
			w := h.dial()
			w.send(request)
			w.halfClose()
			w.answer().WantError(t, http.StatusBadRequest)
		}
	}
	for method, paths := range writable {
		for _, path := range paths {
			cutOff(method, path)
		}
	}
	cutOff(http.MethodPost, birthDocs)
	if diff := cmp.Diff(before, h.everything()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

// The bytes behind a body are the next request, whatever they look like. Two answers to
// one request would be two requests for a proxy in between.
func TestAWrongLengthIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.everything()
	const path = "/institutions/INST1"
	for name, headers := range map[string][]any{
		"too short": {"Content-Length", 5}, "negative": {"Content-Length", -1}, "no number": {"Content-Length", "x"},
		"two": {"Content-Length", 8, "Content-Length", 9}, "beyond numbers": {"Content-Length", "99999999999999999999"},
		"no chunk": {"Transfer-Encoding", "chunked"}, "strange": {"Transfer-Encoding", "gzip, chunked"},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.dial()
			w.send(head(http.MethodPatch, path, headers...), "{\"a\": 1}\r\n")
			if a := w.answer(); a.StatusCode != http.StatusBadRequest && a.StatusCode != http.StatusNotImplemented {
				t.Errorf("%s: status %d: %s", name, a.StatusCode, a.Text)
			}
		})
	}
	if diff := cmp.Diff(before, h.everything()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	h.dial().stillWorks("wrong lengths")
}

func TestAHeaderWithoutEndIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	w := h.dial()
	w.send(head(http.MethodGet, "/login", "X-Long", strings.Repeat("x", 1100<<10)))
	if a := w.answer(); a.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", a.StatusCode)
	}
	h.dial().stillWorks("a long header")
}

// More of them than there are connections to the database.
func TestClientsThatStopHalfWayHoldNobodyUp(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for range 20 {
		for method, paths := range writable {
			w := h.dial()
			w.send(head(method, paths[0], "Content-Length", 100), `{"a": `)
		}
		w := h.dial()
		w.send(head(http.MethodPost, birthDocs, "Content-Length", 100), "bytes")
		w = h.dial()
		w.send(head(http.MethodPost, birthDocs, "Content-Type", formType, "Content-Length", 1000), form(dataPart(`{}`))[:60])
		w = h.dial()
		w.send("GET /login HTTP/1.1\r\nHost:")
	}
	w := h.dial()
	w.stillWorks("those that wait")
	w.send(head(http.MethodPatch, "/people/ESPGNU777ORG", "Content-Length", 8), `{"a": 1}`)
	w.answer().Want(t, http.StatusOK)
	w.send(head(http.MethodPost, birthDocs, "Content-Length", 5), "bytes")
	w.answer().Want(t, http.StatusCreated)
	h.CloseClientConnections() // their handlers end now, and not at the deadline
}
