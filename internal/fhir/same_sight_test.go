// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// sights are requests of FHIR that together show what one of the JSON resources does, about {person}, who has a book,
// and about a page and a document of that person.
var sights = []struct {
	fhir   []string
	native string
}{
	{[]string{"/fhir/Patient/{person}"}, "/people/{person}"},
	{[]string{"/fhir/Patient"}, "/people"},
	{[]string{"/fhir/Patient?_count=1000"}, "/people?limit=1000"},
	{[]string{"/fhir/Patient/{person}/_history"}, "/people/{person}/history"},
	{[]string{"/fhir/Organization"}, "/institutions"},
	{[]string{"/fhir/Organization/INST1"}, "/institutions/INST1"},
	{[]string{"/fhir/Location"}, "/domiciliary-units"},
	{[]string{"/fhir/Location/DU1"}, "/domiciliary-units/DU1"},
	{[]string{
		"/fhir/Observation?patient={person}", "/fhir/Condition?patient={person}", "/fhir/Immunization?patient={person}", "/fhir/Procedure?patient={person}",
	}, "/pols/{person}"},
	{[]string{"/fhir/Observation/{person}p0.-0hr"}, "/pols/{person}/{person}p0"},
	{[]string{"/fhir/Condition/{person}p1"}, "/pols/{person}/{person}p1"},
	{[]string{"/fhir/Immunization/{person}p2"}, "/pols/{person}/{person}p2"},
	{[]string{"/fhir/Procedure/{person}p3"}, "/pols/{person}/{person}p3"},
	{[]string{"/fhir/DocumentReference?patient={person}"}, "/personal_docs/{person}"},
	{[]string{"/fhir/Consent?patient={person}"}, "/people/{person}/consents"},
	{[]string{"/fhir/AuditEvent?patient={person}"}, "/people/{person}/access"},
}

// Whatever the role, and whoever the person is: FHIR shows the records that the JSON resources show, refuses what they
// refuse, and each read has the line that it has there.
func TestFHIRShowsEachRoleWhatTheJSONResourcesShow(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"../../etc/roles.cfg", "../api/testdata/roles.extended.cfg", "../api/testdata/roles.original.cfg"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			record := &testhub.AccessRecord{}
			h := &hub{testhub.QuickWith(t, file, func(o *testhub.Options) { o.Record = record })}
			h.DB.Exec(`UPDATE people SET data = COALESCE(data, '{}') || jsonb_build_object('id', id)`)
			h.plantBook("OTHER1")
			for _, role := range rolesOf(t, file) {
				account := h.Enrol("ROLE"+strings.ToUpper(strings.ReplaceAll(role, "_", "")), role)
				h.plantBook(account[0])
				for _, person := range []string{account[0], "OTHER1"} {
					for _, sight := range sights {
						here := strings.NewReplacer("{person}", person)
						h.compareSight(t, record, account, sight.fhir, sight.native, here)
					}
				}
			}
		})
	}
}

func rolesOf(t *testing.T, file string) (names []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var roles []struct{ Role string }
	if err := json.Unmarshal(text, &roles); err != nil {
		t.Fatal(err)
	}
	for _, one := range roles {
		names = append(names, one.Role)
	}
	return names
}

// plantBook gives a person a page of each kind, and a document.
func (h *hub) plantBook(person string) {
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ($1::text, jsonb_build_object('id', $1::text)) ON CONFLICT DO NOTHING`, person)
	for id, page := range map[string]string{
		"p0": `{"page_date": "2024-06-01", "measurements": [{"hr": 61, "wt": 70}]}`,
		"p1": `{"page_date": "2024-06-02", "page_type": "medical", "medical_context": "encounter", "health_condition_code": "I10"}`,
		"p2": `{"page_date": "2024-06-03", "page_type": "medical", "medical_context": "immunization", "summary": "Tetanus"}`,
		"p3": `{"page_date": "2024-06-04", "procedure_text": "X-ray"}`,
		"p4": `{"page_date": "2024-06-05", "page_type": "social", "summary": "At home"}`,
	} {
		h.page(person, person+id, page)
	}
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ($1::text || 'd', $1::text, $1::text || 'p0', 'bytes',
		jsonb_build_object('id', $1::text || 'd', 'fedacct', $1::text, 'pol', $1::text || 'p0'))`, person)
}

// compareSight asks both ways, and compares statuses, lines of the access record, and the records that are shown.
func (h *hub) compareSight(t *testing.T, record *testhub.AccessRecord, account, searches []string, native string, here *strings.Replacer) {
	t.Helper()
	record.Take()
	shown := h.Do(account, http.MethodGet, here.Replace(native), "")
	line := comparable(record.Take())

	var got []string
	for _, path := range searches {
		a := h.Do(account, http.MethodGet, here.Replace(path), "")
		if mine := comparable(record.Take()); mine != line {
			t.Errorf("%s %s: its line is %s, want %s", account[0], a.Request.URL, mine, line)
		}
		if a.StatusCode == http.StatusOK {
			got = append(got, identified(t, a.Text)...)
		}
	}

	var want []string
	if shown.StatusCode == http.StatusOK {
		want = idsIn(t, shown.Text)
	}
	if slices.Sort(got); !slices.Equal(slices.Compact(got), want) {
		t.Errorf("%s %s: FHIR shows %q, want %q", account[0], here.Replace(native), got, want)
	}
}

var ofOneRequest = regexp.MustCompile(`"(time|request)":"[^"]*"`)

// comparable gives lines of the access record without the time and the id of the request.
func comparable(lines []string) string {
	return ofOneRequest.ReplaceAllString(strings.Join(lines, ""), "")
}

// identified gives the first identifiers of a resource, or of those of a Bundle: the ids that the records have with us.
func identified(t *testing.T, text string) (ids []string) {
	t.Helper()
	type identity struct{ Identifier []struct{ Value string } }
	var found struct {
		identity
		Entry []struct{ Resource identity }
	}
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	for _, one := range found.Identifier {
		ids = append(ids, one.Value)
	}
	for _, entry := range found.Entry {
		ids = append(ids, entry.Resource.Identifier[0].Value)
	}
	return ids
}

// idsIn gives the ids of a record, or of a list of records, each once, in order.
func idsIn(t *testing.T, text string) (ids []string) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	var collect func(value any)
	collect = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, one := range value {
				collect(one)
			}
		case map[string]any:
			if record, isVersion := value["data"]; isVersion {
				collect(record)
			} else if id, ok := value["id"].(string); ok {
				ids = append(ids, id)
			}
		}
	}
	collect(value)
	slices.Sort(ids)
	return slices.Compact(ids)
}
