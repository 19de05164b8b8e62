// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// fhirReader is a program of a hospital that speaks FHIR.
type fhirReader struct {
	soak   *soak
	client *client
	known  *directory
}

func (f *fhirReader) run(ctx context.Context) { f.soak.loop(ctx, f.client.chance, f.step) }

func (f *fhirReader) step(ctx context.Context) {
	person := f.known.pick(f.client.chance)
	if person == "" {
		return
	}

	forms := []string{
		"/fhir/metadata", "/fhir/Patient/ID", "/fhir/Observation?patient=ID", "/fhir/DocumentReference?patient=ID",
		"/fhir/Patient/ID/$everything", "/fhir/Patient/ID/$summary",
	}
	form := forms[f.client.chance.IntN(len(forms))]
	r, _ := f.client.ask(ctx, get(strings.Replace(form, "ID", person, 1)), http.StatusOK)
	if !r.ok() {
		return
	}

	var resource struct{ ResourceType string }
	err := json.Unmarshal(r.body, &resource)
	if err != nil || resource.ResourceType == "" {
		f.soak.faults.add("%s of %s is no resource: %v %.200s", form, person, err, r.body)
	}
	if form != forms[0] {
		f.soak.ledger.read(r, f.client.account, person)
	}
}
