// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Messages of an HMIS node about a person it has registered, in their order.
const (
	nodePerson = "/people/ESPNOD123HMI"
	nodePage   = "/pols/ESPNOD123HMI/0b9f1a3c-9f5e-4a53-b52c-6f4f0e0f2a11"
)

var nodeQueue = []struct {
	method, path, body string
	status             int
}{
	{"POST", nodePerson, `{"id":"ESPNOD123HMI","name":"Noe","lastname":"Díaz","dob":"1990-02-03","gender":"nd",
		"creation_info":{"user":"hmis","timestamp":"2024-05-01 10:11:12.123456","node":"clinic"}}`, http.StatusCreated},
	{"PATCH", nodePerson, `{"id":"ESPNOD123HMI","gender":"nb",
		"modification_info":{"user":"hmis","timestamp":"2024-05-02 08:00:00.000001","node":"clinic"}}`, http.StatusOK},
	{"POST", nodePage, nodeEvaluation, http.StatusCreated},
	{"POST", nodePage, nodeEvaluation, http.StatusOK}, // the queue was worked off twice
	{"PATCH", nodePage, `{"id":"0b9f1a3c-9f5e-4a53-b52c-6f4f0e0f2a11","book":"ESPNOD123HMI","summary":"Follow-up",
		"measurements":"{'bp': {'systolic': 118, 'diastolic': 78}, 't': 36.5}",
		"modification_info":{"user":"hmis","timestamp":"2024-05-02 08:00:00.000001","node":"clinic"}}`, http.StatusOK},
	{"POST", nodePage, nodeEvaluation, http.StatusOK}, // a message from before the change, sent late
}

const nodeEvaluation = `{"id":"0b9f1a3c-9f5e-4a53-b52c-6f4f0e0f2a11","book":"ESPNOD123HMI","page_date":"2024-05-01 10:11:12",
	"age":"34y 2m 28d","page_type":"medical","relevance":"important","medical_context":"consultation",
	"health_condition_text":"Essential hypertension","health_condition_code":"I10","procedure_text":null,"procedure_code":null,
	"gene":null,"phenotype":null,"natural_variant":null,"social_context":null,"summary":"Control","info":null,
	"measurements":"{'bp': {'systolic': 120, 'diastolic': 80}, 't': 36.5}","node":"clinic","author":"Dr. Cordara",
	"author_acct":"ITAPYT999HON","creation_info":{"user":"hmis","timestamp":"2024-05-01 10:11:12.123456","node":"clinic"}}`

func TestANodeWorksOffItsQueue(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "GET", "/people/"+cameron[0], "").Want(t, http.StatusOK)
	for _, message := range nodeQueue {
		h.Do(cameron, message.method, message.path, message.body).Want(t, message.status)
	}

	person := map[string]any{
		"id": "ESPNOD123HMI", "name": "Noe", "lastname": "Díaz", "dob": "1990-02-03", "gender": "nb", "roles": []any{"end_user"},
		"creation_info":     map[string]any{"user": "hmis", "timestamp": "2024-05-01 10:11:12.123456", "node": "clinic"},
		"modification_info": map[string]any{"user": "hmis", "timestamp": "2024-05-02 08:00:00.000001", "node": "clinic"},
	}
	if diff := cmp.Diff(any(person), decode(t, h.Do(cameron, "GET", nodePerson, "").Text)); diff != "" {
		t.Errorf("the person (-want +got)\n%s", diff)
	}
	page := decode(t, nodeEvaluation).(map[string]any)
	page["summary"] = "Follow-up"
	page["measurements"] = `{'bp': {'systolic': 118, 'diastolic': 78}, 't': 36.5}` // Python's repr, not JSON
	page["modification_info"] = person["modification_info"]
	if diff := cmp.Diff(any(page), decode(t, h.Do(cameron, "GET", nodePage, "").Text)); diff != "" {
		t.Errorf("the page (-want +got)\n%s", diff)
	}
	if n := h.DB.Text(`SELECT count(*)::text FROM pols WHERE book = 'ESPNOD123HMI'`); n != "1" {
		t.Errorf("the book has %s pages, want 1", n)
	}
}

// Whom a node registers has no password and cannot log in until one is set.
func TestAPersonOfANodeCannotLogIn(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(cameron, "POST", nodePerson, nodeQueue[0].body).Want(t, http.StatusCreated)
	for _, password := range []string{"", "null", "ESPNOD123HMI"} {
		h.Do([]string{"ESPNOD123HMI", password}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	}
}
