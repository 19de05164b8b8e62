// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// published is what programs in the field compare with. Add to it, and change nothing.
var published = map[fed.Kind]string{
	fed.Internal: "500 internal", fed.Malformed: "400 malformed", fed.Unauthenticated: "401 unauthenticated", fed.Forbidden: "403 forbidden",
	fed.NotFound: "404 not_found", fed.BadMethod: "405 method_not_allowed", fed.Conflict: "409 conflict", fed.Gone: "410 gone",
	fed.Stale: "412 precondition_failed", fed.TooLarge: "413 too_large", fed.Unsupported: "415 unsupported", fed.BadRange: "416 bad_range",
	fed.Invalid: "422 invalid", fed.TooMany: "429 too_many_requests", fed.Unavailable: "503 unavailable",
	fed.NotAcceptable: "406 not_acceptable",
}

func TestEveryKindOfFailureHasAStatusAndACode(t *testing.T) {
	for _, kind := range fed.Kinds() {
		failure := gate.FailureOf(kind)
		if got := fmt.Sprint(failure.Status, " ", failure.Code); got != published[kind] {
			t.Errorf("kind %d is %q, and was published as %q", kind, got, published[kind])
		}
	}
}

func TestAnErrorHasItsCodeAndTheRequestsID(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct {
		account      []string
		method, path string
		body         string
		kind         fed.Kind
	}{
		{nobody, "GET", "/people", "", fed.Unauthenticated}, {other, "GET", "/people", "", fed.Forbidden}, {root, "GET", "/nothing", "", fed.NotFound},
		{root, "PUT", "/people", "", fed.BadMethod}, {root, "POST", "/people/NEW", "{", fed.Malformed}, {root, "POST", "/people/NEW", "[]", fed.Invalid},
		{root, "POST", "/institutions/INST1", `{"n": 1}`, fed.Conflict},
	} {
		a := h.Do(c.account, c.method, c.path, c.body).Want(t, gate.FailureOf(c.kind).Status)
		got := a.Failure()
		if got.Code != gate.FailureOf(c.kind).Code || len(got.Request) < 20 || !strings.HasSuffix(got.Error, ".") {
			t.Errorf("%s %s: %s", c.method, c.path, a.Text)
		}
	}
}

func TestHeadOfAnErrorIsItWithoutTheBody(t *testing.T) {
	t.Parallel()
	a := quickHub(t).Do(root, http.MethodHead, "/people/NOBODY", "").Want(t, http.StatusNotFound)
	if a.Text != "" || a.Header.Get("Content-Type") != gate.JSONType {
		t.Errorf("%s %q", a.Header.Get("Content-Type"), a.Text)
	}
}

func TestTheManualHasTheCodesOfErrors(t *testing.T) {
	text, err := os.ReadFile("../manual/api-guide.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range fed.Kinds() {
		failure := gate.FailureOf(kind)
		line := fmt.Sprintf("\n| %d | `%s` | ", failure.Status, failure.Code)
		if !strings.Contains(string(text), line) {
			t.Errorf("there is no line %s", line)
		}
	}
}
