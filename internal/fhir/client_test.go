// SPDX-License-Identifier: GPL-3.0-or-later

//go:build fhir

package fhir_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// driven is what a client of others says of a hub.
type driven struct {
	Types    []string
	Patient  string
	Versions []string
	First    string
	Pages    [][]string
	Posted   []string
	Refused  struct {
		Status       int
		ResourceType string
	}
}

// A client that others have written reads, searches, pages and looks into the past as it does elsewhere.
func TestAClientOfOthersReadsTheHub(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("A_B", `{"name": "Ana"}`)
	h.page("A_B", "p1", `{"page_date": "2024-06-01T08:41:00Z", "measurements": [{"hr": 61}, {"hr": 62}, {"wt": 63}]}`)
	h.page("A_B", "p2", `{"page_date": "2024-06-02T08:41:00Z", "measurements": [{"wt": 64}, {"wt": 65}]}`)
	h.Do(root, http.MethodPatch, "/people/A_B", `{"name": "Anna"}`).Want(t, http.StatusOK)

	want := driven{
		Types:   []string{"Patient", "Organization", "Location", "Observation", "Condition", "Immunization", "Procedure", "DocumentReference", "Consent", "AuditEvent"},
		Patient: "A.5FB", Versions: []string{"2", "1"}, First: "1",
		Pages:  [][]string{{"p1.-0hr", "p1.-1hr"}, {"p1.-2wt", "p2.-0wt"}, {"p2.-1wt"}},
		Posted: []string{"p1.-0hr", "p1.-1hr"},
	}
	want.Refused.Status, want.Refused.ResourceType = http.StatusBadRequest, "OperationOutcome"
	got := lines[driven](t, node(t, "client.js", nil, h.URL+"/fhir", root[0], root[1], "A.5FB"))
	if diff := cmp.Diff([]driven{want}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
