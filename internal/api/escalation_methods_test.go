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
	for _, header := range []string{"X-HTTP-Method", "X-Method-Override", "X-HTTP-Method-Overrides", "_method"} {
		h.DoWith(root, "GET", "/domiciliary-units/DU1?_method=DELETE", "", header, "DELETE").Want(t, http.StatusOK)
		h.DoWith(root, "POST", "/domiciliary-units/DU1?_method=PATCH", `{"city":"x"}`, header, "PATCH").Want(t, http.StatusConflict)
		h.DoWith(cameron, "PATCH", "/domiciliary-units/DU1?_method=DELETE", `{"_method":"DELETE"}`, header, "DELETE").Want(t, http.StatusOK)
	}
	h.Do(root, "GET", "/domiciliary-units/DU1", "").Want(t, http.StatusOK)
}

func TestHeadNeedsTheGrantOfGet(t *testing.T) {
	t.Parallel()
	file := rolesFile(t, "clerk", `"GET": ["login"], "POST": ["people", "person", "book", "page"], "PATCH": ["person"], "DELETE": ["person"]`)
	h := quickHubWith(t, file)
	clerk := h.Enrol("CLERK001", "clerk")
	h.Do(clerk, "HEAD", "/login", "").Want(t, http.StatusOK)
	for _, path := range []string{"/people", "/people/" + ana[0], "/people/CLERK001", "/pols/" + ana[0], "/pols/" + ana[0] + "/" + birthPage} {
		h.Do(clerk, "HEAD", path, "").Want(t, http.StatusForbidden)
		h.Do(nobody, "HEAD", path, "").Want(t, http.StatusUnauthorized)
	}
}
