// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"strings"

	"thalamus/internal/gate"
)

// DoRow sends a request to a row of the route table, about this person where it is about one. The
// other ids are of nothing that exists, and the body is empty.
func (h *Hub) DoRow(account []string, row gate.Row, person string) Answer {
	h.T.Helper()
	path := strings.NewReplacer("{person}", person, "{", "", "}", "").Replace(row.Pattern)
	if row.Subject == gate.OfLookup && path == row.Pattern {
		path += "?" + lookedUpBy(path) + "=" + person
	}
	if row.Face == gate.FHIR && row.Method == "POST" {
		return h.DoWith(account, row.Method, path, "", "Content-Type", "application/x-www-form-urlencoded")
	}
	return h.Do(account, row.Method, path, "")
}

// lookedUpBy names the parameter by which rows of FHIR without an id in their paths know the person.
func lookedUpBy(path string) string {
	if strings.Contains(path, "/$") {
		return "identifier"
	}
	return "patient"
}
