// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"testing"
)

// A doctor must know that there may be more, and not how much.
func TestABookThatIsNotWholeSaysSo(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	paths := []string{"/pols/" + ana[0], "/pols/" + ana[0] + "?limit=1", "/personal_docs/" + ana[0], "/fhir/Observation?patient=" + ana[0],
		"/fhir/Patient/" + ana[0] + "/$everything", "/fhir/Patient/" + ana[0] + "/$summary"}
	want := func(account []string, path, want string) {
		t.Helper()
		for _, method := range []string{"GET", "HEAD"} {
			a := h.Do(account, method, path, "").Want(t, http.StatusOK)
			if got := a.Header.Get("Thalamus-Withheld"); got != want {
				t.Errorf("%s of %s by %s: %q, want %q", method, path, account[0], got, want)
			}
		}
	}

	for _, path := range paths {
		want(cameron, path, "")
	}
	h.say("page:"+birthPage, "*", "deny")
	for _, path := range paths {
		want(cameron, path, "true")
	}
	want(ana, "/pols/"+ana[0], "")
	want(cameron, "/pols/"+other[0], "")
	h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)
	want(cameron, "/pols/"+ana[0], "")
}
