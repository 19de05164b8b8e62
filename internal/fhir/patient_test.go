// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// patientHub has persons besides those of the fixture, whose ids begin with X.
func patientHub(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t)
	h.person("XA", `{"name": "María José", "lastname": "O'Neill Vega", "gender": "f", "dob": "1957-03-11"}`)
	h.person("XB", `{"name": "Jose", "lastname": "Marino", "gender": "nb", "dob": "1957-03", "active": false}`)
	h.person("XC", `{"name": "小明", "lastname": "王", "gender": "other", "dob": "1957-00-00"}`)
	h.person("XD", `{"name": {"maria": 1}, "gender": "m"}`)
	h.person("X_"+strings.Repeat("long", 20), `{"name": "Long", "gender": "nd", "dob": "1999-01-01"}`)
	h.DB.Exec(`UPDATE people SET data = '{"name": "Ada"}' WHERE id NOT LIKE 'X%' AND data -> 'password' IS NULL`)
	h.DB.Exec(`UPDATE thalamus_changes SET time = '2001-02-03T04:05:06Z' WHERE id = 'XA'`)
	return h
}

func TestPatientsAreFoundByEachParameter(t *testing.T) {
	t.Parallel()
	h := patientHub(t)
	long := "..7d0dcd15b5dc8ea42c1ce5ff4d8ad0f0"
	for _, one := range read(t, h.Do(root, "GET", "/fhir/Patient?name=long", "")).Entry {
		long = one.Resource.ID
	}
	for query, want := range map[string]string{
		"name=jose": "XA XB", "name=maria+jos": "XA", "name=mar": "XA XB", "name=oneill": "XA", "name=ose": "", "name=jose&name=vega": "XA", "name=vega,mari": "XA XB",
		"family=mar": "XB", "given=mar": "XA", "given=%E5%B0%8F": "XC", "name=%21": "", "name=100%25": "", "name=jose,%21": "XA XB",
		"gender=female&birthdate=1957": "XA", "gender=other": "XB XC", "gender=unknown": long, "gender=other,unknown&name=long": long,
		"gender=http://hl7.org/fhir/administrative-gender%7Cother": "XB XC", "gender=female&gender=other": "",
		"birthdate=1957": "XA XB XC", "birthdate=1957-03": "XA XB", "birthdate=1957-03-11": "XA", "birthdate=eq1957-03-11": "XA",
		"birthdate=lt1957-03-11": "XB XC", "birthdate=le1957-03-11": "XA XB XC", "birthdate=ge1957-03-12&birthdate=lt1958": "XB XC",
		"birthdate=gt1957-03&birthdate=lt1958": "XC", "birthdate=sa1956&birthdate=eb1958": "XA XB XC", "birthdate=eb1957-04": "XA XB",
		"active=false&_id=XA,XB": "XB", "active=true&_id=XA,XB": "XA", "active=true&active=false": "",
		"_id=XB,XA,NONE,a_b": "XA XB", "_id=XA&_id=XB": "", "_id=" + long: long, "_id=..00000000000000000000000000000000": "",
		"identifier=XA": "XA", "identifier=urn:gnuhealth:federation%7CXA,XB": "XA XB", "identifier=urn:other%7CXA": "", "identifier=%7CXA": "",
		"_lastUpdated=lt2002": "XA", "_lastUpdated=2001-02-03": "XA", "_lastUpdated=ge2001-02-03T04:05:06Z&_lastUpdated=lt2001-02-03T04:05:07Z": "XA",
		"_lastUpdated=gt2001-02-03&_id=XA": "", "_lastUpdated=le2001-02-03": "XA", "_format=json&_id=XA": "XA",
	} {
		if got := h.search(root, "/fhir/Patient?"+query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		if got := read(t, h.form(root, "/fhir/Patient/_search", query)).ids(); got != want {
			t.Errorf("%s as a form: %s, want %s", query, got, want)
		}
	}
}

func TestASearchOfPatientsRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, query := range []string{
		"birthdate=yesterday", "birthdate=ne1957", "birthdate=ap1957", "birthdate=1957-13", "birthdate=", "gender=f", "gender=urn:x%7Cmale", "active=yes", "_lastUpdated=ne2001",
		"_lastUpdated=now", "_count=0", "_count=1001", "_count=x", "_after=x", "identifier=%7C", "identifier=a%7Cb%7Cc", "name=%00", "name=%FF", "name=", "name=%zz",
	} {
		name, _, _ := strings.Cut(query, "=")
		if got := diagnostics(t, h.Do(root, "GET", "/fhir/Patient?"+query, ""), http.StatusBadRequest); !strings.HasPrefix(got, name+" must") && query != "name=%zz" {
			t.Errorf("%s: %s", query, got)
		}
	}
}

func TestPatientsArePagedByTheirIDs(t *testing.T) {
	t.Parallel()
	h := patientHub(t)
	whole := h.search(root, "/fhir/Patient")
	var got []string
	for path := "/fhir/Patient?_count=2"; path != ""; {
		b := read(t, h.Do(root, "GET", path, ""))
		if len(b.Entry) > 2 {
			t.Fatalf("%s has %d entries", path, len(b.Entry))
		}
		got, path = append(got, b.ids()), b.link(h, "next")
	}
	if strings.Join(got, " ") != whole || len(got) < 4 {
		t.Errorf("%q, want %s", got, whole)
	}
	next := read(t, h.Do(root, "GET", "/fhir/Patient?_count=1", "")).link(h, "next")
	diagnostics(t, h.Do(root, "GET", strings.Replace(next, "Patient", "Organization", 1), ""), http.StatusBadRequest)
}

// Links are shown to those who see them elsewhere.
func TestAPatientLinksToOtherRecordsOfThePerson(t *testing.T) {
	t.Parallel()
	h := &hub{testhub.QuickWith(t, rolesFile(t, "lister", `"GET": ["login", "people"]`))}
	h.person("XA", `{"name": "Ana"}`)
	h.Do(root, "POST", "/people/ESPGNU777ORG/links", `{"person": "XA", "same": true}`).Want(t, http.StatusCreated)
	const link = `"link":[{"other":{"reference":"Patient/XA"},"type":"seealso"}]`
	for _, c := range []struct {
		account []string
		path    string
		want    bool
	}{
		{root, "/fhir/Patient/ESPGNU777ORG", true}, {cameron, "/fhir/Patient/ESPGNU777ORG", true}, {ana, "/fhir/Patient/ESPGNU777ORG", false},
		{root, "/fhir/Patient?_id=ESPGNU777ORG", true}, {cameron, "/fhir/Patient?name=ana", true}, {h.Enrol("LISTER", "lister"), "/fhir/Patient?_id=ESPGNU777ORG", false},
	} {
		if a := h.Do(c.account, "GET", c.path, "").Want(t, http.StatusOK); strings.Contains(a.Text, link) != c.want {
			t.Errorf("%s by %s: %s", c.path, c.account[0], a.Text)
		}
	}
}
