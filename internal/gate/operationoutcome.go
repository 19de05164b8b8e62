// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"encoding/json"
	"net/http"

	"thalamus/internal/fed"
)

// FHIRPath is where the paths of the face FHIR begin, and FHIRType the Content-Type of its replies.
const (
	FHIRPath = "/fhir/"
	FHIRType = "application/fhir+json"
)

// issueCodes gives each kind of failure its code of FHIR's issue-type.
var issueCodes = map[fed.Kind]string{
	fed.Internal:        "exception",
	fed.Malformed:       "invalid",
	fed.Unauthenticated: "login",
	fed.Forbidden:       "forbidden",
	fed.NotFound:        "not-found",
	fed.BadMethod:       "not-supported",
	fed.Conflict:        "conflict",
	fed.Gone:            "deleted",
	fed.Stale:           "conflict",
	fed.TooLarge:        "too-long",
	fed.Unsupported:     "not-supported",
	fed.BadRange:        "value",
	fed.Invalid:         "value",
	fed.TooMany:         "throttled",
	fed.Unavailable:     "transient",
	fed.NotAcceptable:   "not-supported",
}

// issue is one of an OperationOutcome.
type issue struct {
	Severity    string `json:"severity"`
	Code        string `json:"code"`
	Diagnostics string `json:"diagnostics"`
}

// replyOperationOutcome answers a FHIR client with an OperationOutcome.
func replyOperationOutcome(w http.ResponseWriter, kind fed.Kind, sentence string) {
	body, _ := json.Marshal(struct {
		ResourceType string  `json:"resourceType"`
		Issue        []issue `json:"issue"`
	}{"OperationOutcome", []issue{{"error", issueCodes[kind], sentence}}})
	Reply(w, failures[kind].Status, FHIRType, body)
}
