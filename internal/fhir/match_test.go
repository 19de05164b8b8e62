// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// matchAnswer is what $match gives, as a program reads it.
type matchAnswer struct {
	Entry []struct {
		Resource struct{ ResourceType, ID string }
		Search   struct {
			Mode      string
			Score     float64
			Extension []struct{ URL, ValueCode string }
		}
	}
}

// match sends a Patient, with other parameters behind it.
func (h *hub) match(account []string, patient, others string) testhub.Answer {
	h.T.Helper()
	body := `{"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": ` + patient + `}` + others + `]}`
	return h.DoWith(account, "POST", "/fhir/Patient/$match", body, "Content-Type", gate.FHIRType)
}

// matched gives the ids with their grades.
func (h *hub) matched(patient, others string) string {
	h.T.Helper()
	a := h.match(root, patient, others).Want(h.T, http.StatusOK)
	var found matchAnswer
	if err := json.Unmarshal([]byte(a.Text), &found); err != nil {
		h.T.Fatalf("%v: %s", err, a.Text)
	}
	var all []string
	before := 1.0
	for _, one := range found.Entry {
		s := one.Search
		if s.Mode != "match" || s.Score > before || s.Score < 0.5 || len(s.Extension) != 1 || !strings.HasSuffix(s.Extension[0].URL, "/match-grade") {
			h.T.Errorf("%+v", one)
		}
		before = s.Score
		all = append(all, one.Resource.ID+" "+s.Extension[0].ValueCode)
	}
	return strings.Join(all, ", ")
}

const peculiar = `{"resourceType": "Patient", "name": [{"family": "Quintanilla Echeverri", "given": ["Xiomara"]}], "birthDate": "1971-03-29", "gender": "female"}`

func TestMatchFindsWhoIsDescribed(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("X_1", `{"name": "Xiomara", "lastname": "Quintanilla Echeverri", "dob": "1971-03-29", "gender": "f"}`)
	h.person("X2", `{"name": "Xiomara", "lastname": "Quintanilla", "dob": "1971-04-02", "gender": "f"}`)
	h.person("Y", `{"name": "Yolanda", "lastname": "Pan", "dob": "1999-01-01"}`)
	for patient, want := range map[string]string{
		peculiar: "X.5F1 certain, X2 possible",
		`{"resourceType": "Patient", "name": [{"text": "Xiomara Quintanilla Echeverri"}], "birthDate": "1971-03-29"}`:      "X.5F1 certain, X2 possible",
		`{"resourceType": "Patient", "name": [{"family": "Nobody", "given": ["Has", "This"]}], "birthDate": "1901-02-03"}`: "",
	} {
		if got := h.matched(patient, ""); got != want {
			t.Errorf("%s: %s, want %s", patient, got, want)
		}
	}
	for others, want := range map[string]string{
		`, {"name": "count", "valueInteger": 1}`: "X.5F1 certain", `, {"name": "onlyCertainMatches", "valueBoolean": true}`: "X.5F1 certain", `, {"name": "onlyCertainMatches", "valueBoolean": false}`: "X.5F1 certain, X2 possible",
	} {
		if got := h.matched(peculiar, others); got != want {
			t.Errorf("%s: %s, want %s", others, got, want)
		}
	}

	h.person("X3", `{"name": "Xiomara", "lastname": "Quintanilla Echeverri", "dob": "1971-03-29", "gender": "f"}`)
	if got := h.matched(peculiar, `, {"name": "onlyCertainMatches", "valueBoolean": true}`); got != "" {
		t.Errorf("of two who are certain it chooses %s", got)
	}
}

func TestMatchRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct{ patient, others, want string }{
		{`{"resourceType": "Person"}`, "", "resource must"}, {`{"resourceType": "Patient"}`, "", "resource must"}, {`{"resourceType": "Patient", "name": {"family": "x"}}`, "", "resource must"}, {`7`, "", "resource must"},
		{`{"resourceType": "Patient", "birthDate": "1971-02-30"}`, "", "resource must"}, {peculiar, `, {"name": "count", "valueInteger": 0}`, "count must"}, {peculiar, `, {"name": "count", "valueInteger": 101}`, "count must"},
		{peculiar, `, {"name": "count", "valueInteger": "1"}`, "The body must"}, {peculiar, `, {"name": "other"}`, "$match takes"},
	} {
		if got := diagnostics(t, h.match(root, c.patient, c.others), http.StatusBadRequest); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s%s: %s", c.patient, c.others, got)
		}
	}
	for body, status := range map[string]int{`{"resourceType": "Patient"}`: 400, `[]`: 422, `{`: 400} {
		diagnostics(t, h.DoWith(root, "POST", "/fhir/Patient/$match", body, "Content-Type", "application/json"), status)
	}
	diagnostics(t, h.form(root, "/fhir/Patient/$match", "resource=x"), http.StatusUnsupportedMediaType)
	diagnostics(t, h.DoWith(root, "POST", "/fhir/Patient/$match?count=2", "{}", "Content-Type", gate.FHIRType), http.StatusBadRequest)
	diagnostics(t, h.Do(root, "GET", "/fhir/Patient/$match", ""), http.StatusMethodNotAllowed)
}

// It takes the grant of the matches and, for it shows the persons, that of each person; the record names them.
func TestMatchIsForWhoMaySeeEverybody(t *testing.T) {
	t.Parallel()
	for grants, status := range map[string]int{`"matches", "person"`: 200, `"matches"`: 403, `"person", "people"`: 403} {
		record := &testhub.AccessRecord{}
		h := &hub{testhub.QuickWith(t, rolesFile(t, "matcher", `"GET": ["login", `+grants+`]`), func(o *testhub.Options) { o.Record = record })}
		account := h.Enrol("MATCHER", "matcher")
		h.person("X1", `{"name": "Xiomara", "lastname": "Quintanilla Echeverri", "dob": "1971-03-29", "gender": "f"}`)
		record.Take()
		a := h.match(account, peculiar, "").Want(t, status)
		lines := fmt.Sprint(record.Take())
		if !strings.Contains(lines, `"method":"POST","endpoint":"matches"`) || strings.Contains(lines, `"persons":["X1"]`) != (status == 200) {
			t.Errorf("with %s: %s: %s", grants, lines, a.Text)
		}
	}
	h := quickHub(t)
	diagnostics(t, h.match(ana, peculiar, ""), http.StatusForbidden)
	diagnostics(t, h.match(nobody, peculiar, ""), http.StatusUnauthorized)
}
