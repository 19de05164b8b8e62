// SPDX-License-Identifier: GPL-3.0-or-later

//go:build fhir

package fhir_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/fhir/resource"
)

// node runs a program of the checkers, with the packages that make fhir has fetched, and gives what it prints.
func node(t *testing.T, program string, input []byte, args ...string) []byte {
	t.Helper()
	packages, err := filepath.Abs("../../bin/fhir-checkers/node_modules")
	if err != nil {
		t.Fatal(err)
	}

	var faults bytes.Buffer
	command := exec.CommandContext(t.Context(), "node", append([]string{"testdata/checkers/" + program}, args...)...) //nolint:gosec // of this repository
	command.Env = append(os.Environ(), "NODE_PATH="+packages)
	command.Stdin, command.Stderr = bytes.NewReader(input), &faults
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s, by make fhir: %v: %s", program, err, faults.Bytes())
	}
	return out
}

// onLines puts resources on a line each.
func onLines(resources []json.RawMessage) []byte {
	return append(bytes.Join(asBytes(resources), []byte("\n")), '\n')
}

func asBytes(resources []json.RawMessage) (all [][]byte) {
	for _, one := range resources {
		all = append(all, one)
	}
	return all
}

// The types of resources; a search of the clinical ones needs a person.
var (
	clinicalTypes = []string{"Observation", "Condition", "Immunization", "Procedure", "DocumentReference"}
	otherTypes    = []string{"Patient", "Organization", "Location"}
)

// everything gives all resources of a hub, and Bundles of each kind.
func everything(h *hub) (all []json.RawMessage) {
	h.T.Helper()
	for _, kind := range otherTypes {
		all = append(all, search(h.Hub, root, "/fhir/"+kind)...)
		all = append(all, h.answer("/fhir/"+kind+"?_count=2"))
	}
	for _, row := range h.DB.Rows(`SELECT id FROM people WHERE jsonb_typeof(data) = 'object' ORDER BY id`) {
		person, _ := row[0].(string)
		for _, kind := range clinicalTypes {
			all = append(all, search(h.Hub, root, ofPerson(kind, person))...)
		}
		all = append(all, h.answer("/fhir/Patient/"+url.PathEscape(resource.ID(person))+"/$summary"))
	}

	all = append(all, h.answer("/fhir/metadata"), h.answer("/fhir/Patient/"+ana[0]+"/_history"), h.answer(ofPerson("Observation", ana[0])))
	return append(all, json.RawMessage(h.Do(root, http.MethodGet, "/fhir/Observation", "").Want(h.T, http.StatusBadRequest).Text))
}

func (h *hub) answer(path string) json.RawMessage {
	h.T.Helper()
	return json.RawMessage(h.Do(root, http.MethodGet, path, "").Want(h.T, http.StatusOK).Text)
}

// audited gives AuditEvents of all kinds, and the persons whom they are about.
func audited(t *testing.T) (all []json.RawMessage) {
	t.Helper()
	h, copyLines := auditedHub(t)
	h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`).Want(t, http.StatusCreated)
	opened := append(search(h.Hub, cameron, ofPerson("Observation", ana[0])), json.RawMessage(h.Do(cameron, "GET", "/fhir/Patient/"+ana[0]+"/$summary", "").Want(t, http.StatusOK).Text))
	copyLines()
	all = append(search(h.Hub, root, "/fhir/AuditEvent?patient="+ana[0]), search(h.Hub, root, "/fhir/AuditEvent?agent="+cameron[0])...)
	all = append(all, search(h.Hub, ana, "/fhir/AuditEvent?patient="+ana[0])...)
	for _, said := range []string{`"scope": "*", "who": "*", "effect": "deny"`, `"scope": "domain:psychosocial", "who": "` + cameron[0] + `", "effect": "permit", "until": "2099-01-01T00:00:00Z"`} {
		h.Do(ana, "POST", "/people/"+ana[0]+"/consents", "{"+said+"}").Want(t, http.StatusCreated)
	}
	all = append(all, search(h.Hub, ana, "/fhir/Consent?patient="+ana[0])...)
	return slices.Concat(all, opened, search(h.Hub, root, "/fhir/Patient"))
}

// findings are the sentences that checkers say, by their names.
type findings map[string][]string

// Four published checkers, and rules for faults that none of them finds, have nothing to say about what the hub
// makes of right and of odd records, and of the summaries of their persons.
func TestCheckersFindNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t, inMadrid(t))
	plantOddBooks(h.Hub, t, 500)
	h.plantDemo()
	all := append(everything(h), audited(t)...)
	for _, kind := range slices.Concat(clinicalTypes, otherTypes, []string{"AuditEvent", "Consent", "Bundle", "CapabilityStatement", "OperationOutcome"}) {
		if !strings.Contains(string(onLines(all)), `{"resourceType":"`+kind+`"`) {
			t.Errorf("there is no %s among what is checked", kind)
		}
	}

	for _, one := range lines[struct {
		Resource string
		Found    findings
	}](t, node(t, "check.js", onLines(all))) {
		t.Errorf("%s: %q", one.Resource, one.Found)
	}
}

// The checkers are checked themselves: they find every fault that is planted into a right resource.
func TestEveryPlantedFaultIsFound(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.page(ana[0], "right", `{"page_date": "2024-06-01T08:41:00Z", "page_type": "medical", "medical_context": "encounter",
		"health_condition_code": "I10", "health_condition_text": "Hypertension", "measurements": [{"bp": {"systolic": 144, "diastolic": 92}, "hr": 82}]}`)

	found := lines[struct {
		Fault string
		Found findings
	}](t, node(t, "faults.js", onLines(append(everything(h), audited(t)...))))
	if len(found) < 85 {
		t.Errorf("only %d faults were planted", len(found))
	}
	for _, one := range found {
		if len(one.Found) == 0 {
			t.Errorf("no checker finds %s", one.Fault)
		}
	}
}
