// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"testing"
)

// The GTK locator first logs in with GET /people/{ID} and then looks the person
// up with the id as a bare word behind the question mark.
func TestTheLocatorFindsAPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	a := h.Do(cameron, "GET", "/people/"+ana[0]+"?"+ana[0], "").Want(t, http.StatusOK)
	person, ok := decode(t, a.Text).(map[string]any)
	if !ok {
		t.Fatalf("not a bare object: %s", a.Text)
	}
	for key, want := range map[string]string{
		"id": ana[0], "name": "Ana", "lastname": "Betz", "gender": "f", "dob": "1985-10-04",
	} {
		t.Run(key, func(t *testing.T) {
			if person[key] != want {
				t.Errorf("%s is %v, want %s", key, person[key], want)
			}
		})
	}
}

func TestTheLocatorIsToldThatNobodyHasTheID(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "GET", "/people/ESPXXX000XXX?ESPXXX000XXX", "").Want(t, http.StatusNotFound)
}
