// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// auditedHub is a hub whose access record can be asked, in which Ana's records were asked for in several ways.
func auditedHub(t *testing.T) (h *hub, copyLines func()) {
	t.Helper()
	indexed, copyLines := testhub.Indexed(t)
	h = &hub{indexed}
	h.page(ana[0], "p_1", `{"measurements": [{"hr": 60}]}`)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/fhir/Observation/p.5F1.-0hr", "").Want(t, http.StatusOK)
	h.Do(other, "GET", "/pols/"+ana[0], "").Want(t, http.StatusForbidden)
	h.Do(cameron, "GET", "/people?q=betz", "").Want(t, http.StatusOK)
	h.Do(root, "GET", "/people", "").Want(t, http.StatusOK)
	h.Do(ana, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/people/"+other[0], "").Want(t, http.StatusOK)
	copyLines()
	return h, copyLines
}

// auditEvent is an AuditEvent as a program reads it.
type auditEvent struct {
	ID, Recorded, Outcome, OutcomeDesc string
	Subtype                            []struct{ Code string }
	Agent                              []struct {
		Who struct {
			Reference, Display string
			Identifier         identifier
		}
		Role    []struct{ Text string }
		Network struct{ Address string }
	}
	Entity []struct {
		What struct {
			Reference  string
			Identifier identifier
		}
		Detail []struct{ ValueString string }
	}
}

type identifier struct{ System, Value string }

// told is the event as gate.AppendAccess has it, but for the method and whether it is one's own.
func (e auditEvent) told() map[string]any {
	agent := e.Agent[0]
	roles := []any{}
	for _, role := range agent.Role {
		roles = append(roles, role.Text)
	}
	fields := map[string]any{
		"time": e.Recorded, "account": agent.Who.Identifier.Value, "name": orNil(agent.Who.Display), "roles": roles, "endpoint": e.Subtype[1].Code,
		"status": strings.TrimPrefix(e.OutcomeDesc, "HTTP status "), "address": orNil(agent.Network.Address), "page": nil, "document": nil, "request": nil,
	}
	for _, one := range e.Entity {
		switch system := one.What.Identifier.System; system {
		case "urn:gnuhealth:page", "urn:gnuhealth:document":
			fields[strings.TrimPrefix(system, "urn:gnuhealth:")] = one.What.Identifier.Value
		case "":
			fields["request"] = one.What.Identifier.Value
		}
		if len(one.Detail) > 0 {
			fields["way"] = one.Detail[0].ValueString
		}
	}
	return fields
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (h *hub) auditEvents(account []string, path string) (all []auditEvent) {
	h.T.Helper()
	for _, text := range search(h.Hub, account, path) {
		var one auditEvent
		if err := json.Unmarshal(text, &one); err != nil {
			h.T.Fatalf("%v: %s", err, text)
		}
		all = append(all, one)
	}
	return all
}

// native are the accesses that the JSON resource gives, as told has them.
func (h *hub) native(account []string, person string) (all []map[string]any) {
	h.T.Helper()
	var list [][]map[string]any
	if err := json.Unmarshal([]byte(h.Do(account, "GET", "/people/"+person+"/access", "").Want(h.T, http.StatusOK).Text), &list); err != nil {
		h.T.Fatal(err)
	}
	for _, item := range list {
		at, _ := time.Parse(time.RFC3339, fmt.Sprint(item[0]["time"]))
		item[0]["time"], item[0]["status"] = at.Format("2006-01-02T15:04:05.999999Z07:00"), fmt.Sprint(item[0]["status"])
		for _, auditors := range []string{"address", "request"} {
			if _, there := item[0][auditors]; !there {
				item[0][auditors] = nil
			}
		}
		for _, elsewhere := range []string{"method", "own", "person"} {
			delete(item[0], elsewhere)
		}
		all = append(all, item[0])
	}
	return all
}

// Whatever the role, one's own and another's: the events are the accesses that the JSON resource gives.
func TestAuditEventsAreTheAccessesOfTheJSONResource(t *testing.T) {
	t.Parallel()
	h, _ := auditedHub(t)
	for _, account := range [][]string{ana, root} {
		var got []map[string]any
		for _, one := range h.auditEvents(account, "/fhir/AuditEvent?patient="+ana[0]+"&_count=2") {
			got = append(got, one.told())
		}
		want := h.native(account, ana[0])
		if diff := cmp.Diff(want, got); diff != "" || len(want) != 6 {
			t.Errorf("%s, of %d: (-native +events)\n%s", account[0], len(want), diff)
		}
	}

	for _, role := range rolesOf(t, "../../etc/roles.cfg") {
		account := h.Enrol("ROLE"+strings.ToUpper(strings.ReplaceAll(role, "_", "")), role)
		for _, person := range []string{account[0], ana[0], "NOBODYEVER"} {
			native := h.Do(account, "GET", "/people/"+person+"/access", "")
			if a := h.Do(account, "GET", "/fhir/AuditEvent?patient="+person, ""); a.StatusCode != native.StatusCode {
				t.Errorf("%s of %s: status %d, want %d", role, person, a.StatusCode, native.StatusCode)
			}
		}
	}
}

// The id of an event is the same in every search, and no other event's.
func TestAuditEventsArePartsOfTheWholeListInOrder(t *testing.T) {
	t.Parallel()
	h, _ := auditedHub(t)
	whole, parts := h.search(root, "/fhir/AuditEvent?patient="+ana[0]), ""
	for _, one := range h.auditEvents(root, "/fhir/AuditEvent?entity=Patient/"+ana[0]+"&_count=1") {
		parts += " " + one.ID
	}
	ids := strings.Fields(whole)
	if strings.TrimSpace(parts) != whole || len(ids) != 6 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 6 {
		t.Errorf("the parts are%s, the whole %s", parts, whole)
	}

	var last auditEvent
	all := h.auditEvents(root, "/fhir/AuditEvent?patient="+ana[0])
	last = all[5]
	for query, want := range map[string]int{"ge" + all[0].Recorded: 1, "lt" + last.Recorded: 0, "le2100": 6, "gt2100": 0, "eq" + last.Recorded: 1} {
		if got := h.auditEvents(root, "/fhir/AuditEvent?patient="+ana[0]+"&date="+query); len(got) != want {
			t.Errorf("date=%s: %d events, want %d", query, len(got), want)
		}
	}
}

// What an account has read is for auditors, and says of whom; their search names these persons in the record.
func TestAuditEventsOfAnAgentAreForAuditors(t *testing.T) {
	t.Parallel()
	h, copyLines := auditedHub(t)
	var seen []string
	for _, one := range h.auditEvents(root, "/fhir/AuditEvent?agent=Patient/"+cameron[0]) {
		person := ""
		for _, entity := range one.Entity {
			if entity.What.Identifier.System == "urn:gnuhealth:federation" {
				person = entity.What.Identifier.Value + entity.What.Reference
			}
		}
		seen = append(seen, one.Subtype[1].Code+" "+person)
	}
	if want := []string{"person " + other[0], "people ", "page " + ana[0], "person " + ana[0]}; !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	copyLines()
	if newest := h.auditEvents(root, "/fhir/AuditEvent?patient="+ana[0])[0]; newest.told()["way"] != "listed" || newest.told()["account"] != root[0] {
		t.Errorf("the newest access to Ana is %v", newest)
	}

	for _, account := range [][]string{ana, cameron, other} {
		diagnostics(t, h.Do(account, "GET", "/fhir/AuditEvent?agent="+cameron[0], ""), http.StatusForbidden)
		diagnostics(t, h.Do(account, "GET", "/fhir/AuditEvent?agent="+account[0], ""), http.StatusForbidden)
	}
	diagnostics(t, h.Do(nobody, "GET", "/fhir/AuditEvent?agent="+cameron[0], ""), http.StatusUnauthorized)
}

func TestASearchOfAuditEventsIsAboutOnePersonOrOneAgent(t *testing.T) {
	t.Parallel()
	h, _ := auditedHub(t)
	for _, query := range []string{
		"", "?date=2024", "?patient=", "?patient=" + ana[0] + "&patient=" + other[0], "?patient=" + ana[0] + "&agent=" + ana[0], "?patient=a_b", "?patient=" + ana[0] + "&date=ne2024",
		"?patient=" + ana[0] + "&date=2024,2025", "?patient=" + ana[0] + "&_count=0", "?patient=" + ana[0] + "&_after=x", "?patient=" + ana[0] + "&type=rest",
	} {
		diagnostics(t, h.Do(root, "GET", "/fhir/AuditEvent"+query, ""), http.StatusBadRequest)
	}

	mine := read(t, h.Do(ana, "GET", "/fhir/AuditEvent?_count=1&patient="+ana[0], "")).link(h, "next")
	diagnostics(t, h.Do(other, "GET", mine, ""), http.StatusForbidden)
	diagnostics(t, h.Do(root, "GET", strings.ReplaceAll(mine, ana[0], other[0]), ""), http.StatusBadRequest)
	if got := read(t, h.form(ana, "/fhir/AuditEvent/_search", "_count=2&patient="+ana[0])); len(got.Entry) != 2 {
		t.Errorf("a form gives %d", len(got.Entry))
	}
	diagnostics(t, h.Do(root, "GET", "/fhir/AuditEvent/1-1", ""), http.StatusNotFound)
}

func TestWhereTheRecordIsNotKeptThereAreNoAuditEvents(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, account := range [][]string{ana, root} {
		native := h.Do(account, "GET", "/people/"+ana[0]+"/access", "").Want(t, http.StatusNotFound)
		if got := diagnostics(t, h.Do(account, "GET", "/fhir/AuditEvent?patient="+ana[0], ""), http.StatusNotFound); got != native.Failure().Error {
			t.Errorf("got %s, want %s", got, native.Failure().Error)
		}
	}
}
