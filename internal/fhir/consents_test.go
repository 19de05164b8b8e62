// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// say says something of Ana's book, and gives the id of the statement.
func (h *hub) say(body string) (id string) {
	h.T.Helper()
	id, _ = h.Do(ana, "POST", "/people/"+ana[0]+"/consents", "{"+body+"}").Want(h.T, http.StatusCreated).Fields(h.T)["id"].(string)
	return id
}

// consent is a Consent as a program reads it.
type consent struct {
	ID, Status string
	Identifier []identifier
	Provision  struct {
		Type   string
		Period struct{ Start, End string }
		Actor  []struct {
			Reference struct{ Identifier identifier }
		}
		Code []struct{ Text string }
	}
}

func TestAConsentIsAStatement(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	first := h.say(`"scope": "*", "who": "*", "effect": "deny"`)
	second := h.say(`"scope": "domain:psychosocial", "who": "` + cameron[0] + `", "effect": "permit", "until": "2099-01-01T00:00:00Z"`)
	h.Do(ana, "DELETE", "/people/"+ana[0]+"/consents/"+first, "").Want(t, http.StatusNoContent)

	var all []consent
	for _, text := range search(h.Hub, ana, "/fhir/Consent?patient="+ana[0]+"&_count=1") {
		var one consent
		if err := json.Unmarshal(text, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)

		a := h.Do(ana, "GET", "/fhir/Consent/"+one.ID, "").Want(t, http.StatusOK)
		if a.Text != string(text) {
			t.Errorf("%s: a read gives %s, a search %s", one.ID, a.Text, text)
		}
		h.DoWith(ana, "GET", "/fhir/Consent/"+one.ID, "", "If-None-Match", a.Header.Get("ETag")).Want(t, http.StatusNotModified)
	}
	if len(all) != 2 || all[0].Identifier[0].Value != first || all[0].Status != "inactive" || all[0].Provision.Type != "deny" || all[0].Provision.Period.End == "" {
		t.Errorf("got %+v", all)
	}
	if it := all[1]; it.Identifier[0].Value != second || it.Status != "active" || it.Provision.Type != "permit" || it.Provision.Period.End != "2099-01-01T00:00:00Z" ||
		it.Provision.Actor[0].Reference.Identifier.Value != cameron[0] || it.Provision.Code[0].Text != "domain:psychosocial" {
		t.Errorf("got %+v", it)
	}
}

// They are seen by whom /consents is: the person, and a registrar.
func TestWhoSeesConsents(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	id := search(h.Hub, ana, "/fhir/Consent?patient="+ana[0])
	if len(id) > 0 {
		t.Fatalf("before anything is said: %s", id)
	}
	h.say(`"scope": "*", "who": "*", "effect": "deny"`)
	var one struct{ ID string }
	if err := json.Unmarshal(search(h.Hub, ana, "/fhir/Consent?patient="+ana[0])[0], &one); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		account []string
		status  int
	}{{ana, 200}, {root, 200}, {other, 403}, {cameron, 403}, {nobody, 401}} {
		for _, path := range []string{"/fhir/Consent?patient=" + ana[0], "/fhir/Consent/" + one.ID} {
			a := h.Do(c.account, "GET", path, "").Want(t, c.status)
			if c.status != 200 && strings.Contains(a.Text, one.ID) {
				t.Errorf("%s: %s", path, a.Text)
			}
		}
		h.form(c.account, "/fhir/Consent/_search", "patient="+ana[0]).Want(t, c.status)
	}
	h.Do(ana, "GET", "/fhir/Consent", "").Want(t, http.StatusBadRequest)
	h.Do(root, "GET", "/fhir/Consent/none", "").Want(t, http.StatusNotFound)
	h.Do(ana, "GET", "/fhir/Consent/none", "").Want(t, http.StatusForbidden)
}

// What a doctor is given in an emergency says so: not the person, who is never hidden, nor what others are given.
func TestWhatIsGivenInAnEmergencyIsLabelled(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.page(ana[0], "p1", `{"measurements": [{"hr": 60}]}`)
	h.page(other[0], "q1", `{"measurements": [{"hr": 60}]}`)
	h.Do(root, "POST", "/personal_docs/"+ana[0]+"/p1?id=d1", "bytes").Want(t, http.StatusCreated)
	h.say(`"scope": "*", "who": "*", "effect": "deny"`)
	h.Do(cameron, "POST", "/people/"+ana[0]+"/emergency", `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`).Want(t, http.StatusCreated)
	const label = `"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"ETREAT"`
	for path, labelled := range map[string]bool{
		"/fhir/Observation/p1.-0hr": true, "/fhir/Observation?patient=" + ana[0]: true, "/fhir/DocumentReference/d1": true, "/fhir/DocumentReference?patient=" + ana[0]: true,
		"/fhir/Patient/" + ana[0] + "/$everything?_type=Observation": true, "/fhir/Patient/" + ana[0] + "/$summary": true,
		"/fhir/Patient/" + ana[0]: false, "/fhir/Patient/" + ana[0] + "/$everything?_type=Patient": false,
	} {
		if text := h.Do(cameron, "GET", path, "").Want(t, http.StatusOK).Text; strings.Contains(text, label) != labelled {
			t.Errorf("%s: %s", path, text)
		}
		if text := h.Do(ana, "GET", path, "").Want(t, http.StatusOK).Text; strings.Contains(text, "ETREAT") {
			t.Errorf("for the person, %s: %s", path, text)
		}
	}
	if text := h.Do(cameron, "GET", "/fhir/Observation/q1.-0hr", "").Want(t, http.StatusOK).Text; strings.Contains(text, "ETREAT") {
		t.Errorf("of another person: %s", text)
	}
	h.DB.Exec(`UPDATE thalamus_emergencies SET until = now() - interval '2 min'; UPDATE thalamus_consents SET ended = now()`)
	if text := h.Do(cameron, "GET", "/fhir/Observation/p1.-0hr", "").Want(t, http.StatusOK).Text; strings.Contains(text, "ETREAT") {
		t.Errorf("after its end: %s", text)
	}
}
