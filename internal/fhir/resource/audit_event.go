// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"strconv"
	"time"
)

// Access is an access of an account to a person, given or refused, as the access record has it. "" is
// not told.
type Access struct {
	ID                  string
	Time                time.Time
	Account, Name       string
	Roles               []string
	Method, Endpoint    string
	Patient             string // who is asked about, and is a Patient here
	Person              string // whom the request named, if that is another
	Way, Page, Document string
	Status              int
	Request, Address    string
	Purpose, Emergency  string
}

// Systems of an AuditEvent.
const (
	auditType       = terminology + "audit-event-type"
	restInteraction = "http://hl7.org/fhir/restful-interaction"
	participation   = terminology + "v3-ParticipationType"
	entityType      = terminology + "audit-entity-type"
	entityRole      = terminology + "object-role"
	sourceType      = terminology + "security-source-type"
	requestType     = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
	endpointSystem  = "urn:gnuhealth:endpoint"
	actReason       = terminology + "v3-ActReason"
)

// AuditEvent gives an access in the terms of IHE's Basic Audit Log Patterns, as far as the record tells them.
func AuditEvent(a Access) Resource {
	return Resource{Type: "AuditEvent", ID: a.ID, When: Period{a.Time, a.Time.Add(time.Microsecond)}, from: &origin{}, fill: func(w *writer) {
		w.codingAs("type", Coding{auditType, "rest", "RESTful Operation"})
		w.list("subtype", func() {
			w.coding(Coding{restInteraction, a.interaction(), ""})
			w.coding(Coding{endpointSystem, a.Endpoint, ""})
		})
		w.code("action", a.action())
		w.instant("recorded", a.Time)
		w.code("outcome", a.outcome())
		w.text("outcomeDesc", "HTTP status "+strconv.Itoa(a.Status))
		w.list("purposeOfEvent", func() { a.writePurpose(w) })
		w.list("agent", func() { a.writeAgent(w) })
		w.object("source", func() {
			w.object("observer", func() { w.text("display", "Thalamus") })
			w.list("type", func() { w.coding(Coding{sourceType, "4", "Application Server"}) })
		})
		w.list("entity", func() { a.writeEntities(w) })
	}}
}

// collections are the endpoints whose GET is a search. They are never written to: a POST is a search by a form.
var collections = map[string]bool{
	"people": true, "book": true, "personaldocs": true, "institutions": true, "domiciliaryunits": true, "matches": true, "changes": true, "access": true, "consents": true, "emergencies": true,
}

// interaction is FHIR's word for what was asked for.
func (a Access) interaction() string {
	switch {
	case collections[a.Endpoint]:
		return "search-type"
	case a.Endpoint == "history":
		return "history-instance"
	case a.Method == "POST":
		return "create"
	case a.Method == "PATCH":
		return "patch"
	case a.Method == "DELETE":
		return "delete"
	default:
		return "read"
	}
}

// actions are by interactions; of all others it is a read.
var actions = map[string]string{"search-type": "E", "create": "C", "patch": "U", "delete": "D"}

func (a Access) action() string {
	if action := actions[a.interaction()]; action != "" {
		return action
	}
	return "R"
}

// outcome is success, a refusal, or a failure of the hub.
func (a Access) outcome() string {
	switch {
	case a.Status < 400:
		return "0"
	case a.Status < 500:
		return "4"
	default:
		return "8"
	}
}

// writePurpose appends for what was read, if the reader has said it.
func (a Access) writePurpose(w *writer) {
	if a.Purpose != "" {
		w.concept("", []Coding{{System: actReason, Code: a.Purpose}}, "")
	}
}

func (a Access) writeAgent(w *writer) {
	w.object("", func() {
		w.concept("type", []Coding{{participation, "IRCP", "information recipient"}}, "")
		w.list("role", func() {
			for _, role := range a.Roles {
				w.concept("", nil, role)
			}
		})
		w.object("who", func() {
			if a.Account == a.Patient {
				w.code("reference", "Patient/"+ID(a.Patient))
			}
			w.object("identifier", func() { w.identify(Federation, a.Account) })
			w.text("display", a.Name)
		})
		w.bool("requestor", true)
		if a.Address != "" {
			w.object("network", func() {
				w.text("address", a.Address)
				w.code("type", "2")
			})
		}
	})
}

// writeEntities appends whom and what was asked for, in which request.
func (a Access) writeEntities(w *writer) {
	if a.Patient != "" {
		w.object("", func() {
			w.object("what", func() {
				w.code("reference", "Patient/"+ID(a.Patient))
				w.object("identifier", func() { w.identify(Federation, a.Patient) })
			})
			writeEntityKind(w, Coding{entityType, "1", "Person"}, Coding{entityRole, "1", "Patient"})
			w.list("detail", func() {
				w.object("", func() {
					w.code("type", "way")
					w.text("valueString", a.Way)
				})
				if a.Emergency != "" {
					w.object("", func() {
						w.code("type", "emergency")
						w.text("valueString", a.Emergency)
					})
				}
			})
		})
	}

	writeEntity(w, Federation, a.Person, Coding{entityType, "1", "Person"}, Coding{entityRole, "1", "Patient"})
	writeEntity(w, pageSystem, a.Page, Coding{entityType, "2", "System Object"}, Coding{entityRole, "4", "Domain Resource"})
	writeEntity(w, documentSystem, a.Document, Coding{entityType, "2", "System Object"}, Coding{entityRole, "3", "Report"})
	writeEntity(w, "", a.Request, Coding{requestType, "XrequestId", ""}, Coding{})
}

// writeEntity appends something by its identifier, unless that is not told.
func writeEntity(w *writer, system, id string, kind, role Coding) {
	if id == "" {
		return
	}
	w.object("", func() {
		w.object("what", func() { w.object("identifier", func() { w.identify(system, id) }) })
		writeEntityKind(w, kind, role)
	})
}

func writeEntityKind(w *writer, kind, role Coding) {
	w.codingAs("type", kind)
	w.codingAs("role", role)
}
