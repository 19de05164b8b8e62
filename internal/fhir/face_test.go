// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

func TestTheFaceHasJSONOnly(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const path = "/fhir/Patient/ESPGNU777ORG"
	for _, accept := range []string{"", "*/*", "application/*", "application/fhir+json", "application/json", "application/fhir+json; fhirVersion=4.0", "application/fhir+xml;q=0.9, application/fhir+json;q=0.8", "text/html, */*;q=0.1", "text/json"} {
		headers := []string{"Accept", accept}
		if accept == "" {
			headers = nil
		}
		a := h.DoWith(root, "GET", path, "", headers...).Want(t, http.StatusOK)
		if a.Header.Get("Content-Type") != gate.FHIRType || !slices.Contains(a.Header["Vary"], "Accept") {
			t.Errorf("%s: %v", accept, a.Header)
		}
	}
	for _, accept := range []string{"application/fhir+xml", "text/xml, application/xml", "text/html", "application/fhir+json;q=0", "application/fhir+turtle", ""} {
		diagnostics(t, h.DoWith(root, "GET", path, "", "Accept", accept), http.StatusNotAcceptable)
		diagnostics(t, h.DoWith(nobody, "GET", "/fhir/metadata", "", "Accept", accept), http.StatusNotAcceptable)
	}
	for format, status := range map[string]int{"json": 200, "application/fhir%2Bjson": 200, "application/fhir+json": 200, "application/json%3Bcharset=utf-8": 200, "xml": 406, "application/fhir%2Bxml": 406, "ttl": 406, "": 406} {
		h.DoWith(root, "GET", path+"?_format="+format, "", "Accept", "application/fhir+xml").Want(t, status)
	}
}

func TestErrorsAreOperationOutcomes(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct {
		account      []string
		method, path string
		status       int
		want         string
	}{
		{nobody, "GET", "/fhir/Patient/X", 401, ""}, {ana, "GET", "/fhir/Patient", 403, ""}, {root, "GET", "/fhir/Patient/X", 404, ""}, {root, "GET", "/fhir/", 404, ""},
		{root, "GET", "/fhir/a/b/c/d/e", 404, ""}, {nobody, "GET", "/fhir/Medication", 404, "Types: Patient, Organization, Location, Observation,"}, {nobody, "GET", "/fhir/Medication/1", 404, "Types: Patient,"},
		{root, "POST", "/fhir/Patient", 405, ""}, {root, "PUT", "/fhir/Patient/X", 405, ""}, {root, "DELETE", "/fhir/Observation/X", 405, ""}, {root, "GET", "/fhir/Patient/_search", 405, ""},
		{root, "POST", "/fhir/Patient/_search", 415, ""}, {root, "GET", "/fhir/Patient/ESPGNU777ORG?_summary=true", 400, "_summary"}, {root, "GET", "/fhir/Patient?a=%zz", 400, ""},
		{root, "GET", "/fhir/Organization/a_b", 404, ""}, {root, "GET", "/fhir/Location/..00000000000000000000000000000000", 404, ""},
		{root, "GET", "/fhir/Patient/ESPGNU777ORG/_history/0", 404, ""}, {root, "GET", "/fhir/Patient/ESPGNU777ORG/_history/x", 404, ""}, {root, "GET", "/fhir/Patient/X/_history", 404, ""},
		{root, "GET", "/fhir/Patient/ESPGNU777ORG/_history?_after=x", 400, ""}, {root, "GET", "/fhir/Patient/ESPGNU777ORG/_history?code=x", 400, ""},
	} {
		a := h.DoWith(c.account, c.method, c.path, "", "Accept", "text/html, */*")
		if got := diagnostics(t, a, c.status); !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %s", c.method, c.path, got)
		}
		if challenged := a.Header.Get("WWW-Authenticate") != ""; challenged != (c.status == 401) {
			t.Errorf("%s %s: %v", c.method, c.path, a.Header)
		}
	}
	long := "patient=" + strings.Repeat("x", 70_000)
	diagnostics(t, h.form(root, "/fhir/Observation/_search", long), http.StatusRequestEntityTooLarge)
	diagnostics(t, h.form(root, "/fhir/Patient/_search", "name=%zz"), http.StatusBadRequest)
	h.DB.Exec(`ALTER TABLE people RENAME TO away`)
	if got := diagnostics(t, h.Do(nobody, "GET", "/fhir/Patient/X", ""), http.StatusUnauthorized); strings.Contains(got, "away") {
		t.Error(got)
	}
}

// capability is a CapabilityStatement as a client reads it.
type capability struct {
	ResourceType, Status, Date, Kind, FHIRVersion string
	Implementation                                struct{ URL string }
	Rest                                          []struct {
		Mode     string
		Resource []struct {
			Type        string
			Interaction []struct{ Code string }
			SearchParam []struct{ Name, Type, Definition, Documentation string }
			Operation   []struct{ Name, Definition string }
		}
	}
}

// What the statement names is there, and what it does not name is not.
func TestTheCapabilityStatementIsTheRouteTable(t *testing.T) {
	t.Parallel()
	h := bookHub(t, func(o *testhub.Options) { o.Record = &testhub.AccessRecord{Asked: true} })
	var said capability
	if err := json.Unmarshal([]byte(h.Do(nobody, "GET", "/fhir/metadata", "").Want(t, http.StatusOK).Text), &said); err != nil {
		t.Fatal(err)
	}
	if said.FHIRVersion != "4.0.1" || said.Implementation.URL != h.URL+"/fhir" || said.Kind != "instance" || len(said.Rest) != 1 {
		t.Errorf("%+v", said)
	}

	paths := map[string]string{"search-type": "", "read": "/ID", "history-instance": "/ID/_history", "vread": "/ID/_history/1"}
	named := map[string]bool{"/fhir/metadata": true, "/fhir/{type}": true, "/fhir/{type}/{id}": true}
	for _, kind := range said.Rest[0].Resource {
		for _, one := range kind.Interaction {
			path, known := paths[one.Code]
			a := h.Do(nobody, "GET", "/fhir/"+kind.Type+path, "")
			if !known || a.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s of %s: status %d", one.Code, kind.Type, a.StatusCode)
			}
			named["/fhir/"+kind.Type+path] = true
		}
		for _, one := range kind.Operation {
			if !strings.HasPrefix(one.Definition, "http://hl7.org/fhir/") {
				t.Errorf("%s of %s: %s", one.Name, kind.Type, one.Definition)
			}
			named["/fhir/"+kind.Type+"/ID/$"+one.Name], named["/fhir/"+kind.Type+"/$"+one.Name] = true, true
		}
		for _, one := range kind.SearchParam {
			if !strings.HasPrefix(one.Definition, "http://hl7.org/fhir/SearchParameter/") || one.Documentation == "" {
				t.Errorf("%s of %s: %+v", one.Name, kind.Type, one)
			}
			value := map[string]string{"token": "true", "date": "2024", "string": "x", "reference": "Patient/XA"}[one.Type]
			if one.Name == "gender" {
				value = "male"
			}
			query := "?patient=XA&" + one.Name + "=" + value
			if one.Name == "agent" || !slices.ContainsFunc(kind.SearchParam, func(p struct{ Name, Type, Definition, Documentation string }) bool { return p.Name == "patient" }) {
				query = "?" + one.Name + "=" + value
			}
			h.Do(root, "GET", "/fhir/"+kind.Type+query, "").Want(t, http.StatusOK)
		}
	}
	for _, row := range h.FHIR {
		path := row.Pattern
		for _, name := range []string{"person", "page", "document", "unit", "institution", "consent"} {
			path = strings.ReplaceAll(path, "{"+name+"}", "ID")
		}
		path = strings.TrimSuffix(strings.ReplaceAll(path, "{version}", "1"), "/_search")
		if !named[path] {
			t.Errorf("there is no %s %s in it", row.Method, row.Pattern)
		}
	}
}

func TestAHistoryHasTheVersionsOfAResource(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "POST", "/institutions/I_1", `{"name": "One"}`).Want(t, http.StatusCreated)
	h.Do(root, "PATCH", "/institutions/I_1", `{"name": "Two"}`).Want(t, http.StatusOK)
	h.Do(root, "DELETE", "/institutions/I_1", "").Want(t, http.StatusNoContent)
	h.Do(root, "POST", "/institutions/I_1", `{"name": "Three"}`).Want(t, http.StatusCreated)

	const path = "/fhir/Organization/I.5F1"
	var got []string
	for next := path + "/_history?_count=3"; next != ""; {
		b := read(t, h.Do(root, "GET", next, ""))
		for _, one := range b.Entry {
			got = append(got, strings.Join([]string{one.Request.Method, one.Request.URL, one.Response.Status, one.Response.ETag, one.Resource.Meta.VersionID}, " "))
		}
		next = b.link(h, "next")
	}
	want := []string{`PUT Organization/I.5F1 201 W/"4" 4`, `DELETE Organization/I.5F1 204 W/"3" `, `PUT Organization/I.5F1 200 W/"2" 2`, `PUT Organization/I.5F1 201 W/"1" 1`}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	a := h.Do(root, "GET", path+"/_history/2", "").Want(t, http.StatusOK)
	if a.Fields(t)["name"] != "Two" || a.Header.Get("ETag") != `W/"2"` || a.Header.Get("Last-Modified") == "" {
		t.Errorf("%s %v", a.Text, a.Header)
	}
	diagnostics(t, h.Do(root, "GET", path+"/_history/3", ""), http.StatusNotFound)
	if b := read(t, h.Do(cameron, "GET", path+"/_history", "")); len(b.Entry) != 4 {
		t.Errorf("a doctor sees %d versions", len(b.Entry))
	}
	if b := read(t, h.Do(ana, "GET", path+"/_history", "")); len(b.Entry) != 1 {
		t.Errorf("a patient sees %d versions, of which all but one were deleted", len(b.Entry))
	}
	h.Do(root, "PATCH", "/people/ESPGNU777ORG", `{"password": "another one 77", "city": "Telde"}`).Want(t, http.StatusOK)
	if b := read(t, h.Do(root, "GET", "/fhir/Patient/ESPGNU777ORG/_history", "")); len(b.Entry) != 2 {
		t.Errorf("a change of the password is a version: %d", len(b.Entry))
	}
}

// A history takes the grant of the record, too.
func TestAHistoryIsOfWhatMayBeRead(t *testing.T) {
	t.Parallel()
	h := testhub.QuickWith(t, rolesFile(t, "historian", `"GET": ["login", "history"]`))
	historian := h.Enrol("HISTORIAN", "historian")
	for _, path := range []string{"/fhir/Patient/ESPGNU777ORG/_history", "/fhir/Patient/ESPGNU777ORG/_history/1", "/fhir/Organization/INST1/_history", "/fhir/Location/DU1/_history/1"} {
		diagnostics(t, h.Do(historian, "GET", path, ""), http.StatusForbidden)
		h.Do(root, "GET", path, "").Want(t, http.StatusOK)
	}
}
