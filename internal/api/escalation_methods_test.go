// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"testing"
)

// Some frameworks let a header change the method, behind the back of what is
// granted and of browsers.
func TestTheMethodCannotBeOverridden(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"} {
		h.doWith(root, "GET", "/domiciliary-units/DU1?_method=DELETE", "", header, "DELETE").want(t, http.StatusOK)
		h.doWith(root, "POST", "/domiciliary-units/DU1?_method=PATCH", `{"city":"x"}`, header, "PATCH").want(t, http.StatusConflict)
		h.doWith(cameron, "PATCH", "/domiciliary-units/DU1?_method=DELETE", `{"_method":"DELETE"}`, header, "DELETE").want(t, http.StatusOK)
	}
	h.do(root, "GET", "/domiciliary-units/DU1", "").want(t, http.StatusOK)
}

func TestHeadNeedsTheGrantOfGet(t *testing.T) {
	t.Parallel()
	file := rolesFile(t, "clerk", `"GET": ["login"], "POST": ["people", "person", "book", "page"], "PATCH": ["person"], "DELETE": ["person"]`)
	h := quickHubWith(t, file)
	clerk := h.enrol("CLERK001", "clerk")
	h.do(clerk, "HEAD", "/login", "").want(t, http.StatusOK)
	for _, path := range []string{"/people", "/people/" + ana[0], "/people/CLERK001", "/pols/" + ana[0], "/pols/" + ana[0] + "/" + birthPage} {
		h.do(clerk, "HEAD", path, "").want(t, http.StatusForbidden)
		h.do(nobody, "HEAD", path, "").want(t, http.StatusUnauthorized)
	}
}
