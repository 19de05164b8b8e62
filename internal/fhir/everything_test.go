// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// all gives what is there as Type/id.
func (b foundBundle) all() (names []string) {
	for _, one := range b.Entry {
		names = append(names, one.Resource.ResourceType+"/"+one.Resource.ID)
	}
	return names
}

const everythingOfXA = "Patient/XA Condition/p1 Observation/p1.-0bp Observation/p1.-0hr Observation/p2.-0hr Observation/p2.-1bg Immunization/p3 Procedure/p3 Observation/p4 DocumentReference/d1 DocumentReference/d2"

func TestEverythingIsAllOfAPerson(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	h.DB.Exec(`UPDATE thalamus_changes SET time = '2001-02-03T04:05:06Z' WHERE id IN ('p1', 'XA')`)
	for query, want := range map[string]string{
		"":               everythingOfXA,
		"?_type=Patient": "Patient/XA", "?_type=Condition,DocumentReference": "Condition/p1 DocumentReference/d1 DocumentReference/d2", "?_type=Observation": "Observation/p1.-0bp Observation/p1.-0hr Observation/p2.-0hr Observation/p2.-1bg Observation/p4",
		"?_since=2002-01-01T00:00:00Z": "Observation/p2.-0hr Observation/p2.-1bg Immunization/p3 Procedure/p3 Observation/p4 DocumentReference/d2", "?_since=2001-02-03T04:05:06Z": everythingOfXA, "?_since=2100": "",
		"?start=2024-05-02&end=2024-05-02&_type=Observation,Immunization": "Observation/p2.-0hr Observation/p2.-1bg", "?end=2024-05-02": "Patient/XA Condition/p1 Observation/p1.-0bp Observation/p1.-0hr Observation/p2.-0hr Observation/p2.-1bg DocumentReference/d1",
		"?start=2024-05-03&_type=Immunization,Patient": "Patient/XA Immunization/p3",
	} {
		b := read(t, h.Do(root, "GET", "/fhir/Patient/XA/$everything"+query, ""))
		if got := strings.Join(b.all(), " "); got != want || b.Type != "searchset" {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"_since=soon": "_since must", "_type=Device": "_type must", "_type=": "_type must", "start=ge2024": "start must", "end=2024-02-30": "end must", "_count=0": "_count must", "_after=x": "_after must", "code=x": "There is no such parameter",
	} {
		if got := diagnostics(t, h.Do(root, "GET", "/fhir/Patient/XA/$everything?"+query, ""), http.StatusBadRequest); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", query, got)
		}
	}
	diagnostics(t, h.Do(root, "GET", "/fhir/Patient/NOBODY/$everything", ""), http.StatusNotFound)
}

// However many are asked for at a time, all come, each once; also while others change the page at which it stands.
func TestPagesOfEverythingAreAllOfIt(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	for _, count := range []string{"1", "2", "3", "7", "100"} {
		for query, want := range map[string]string{"": everythingOfXA, "&_type=Observation,DocumentReference&start=2024": "Observation/p1.-0bp Observation/p1.-0hr Observation/p2.-0hr Observation/p2.-1bg DocumentReference/d2"} {
			var got []string
			for path := "/fhir/Patient/XA/$everything?_count=" + count + query; path != ""; {
				b := read(t, h.Do(root, "GET", path, ""))
				got, path = append(got, b.all()...), b.link(h, "next")
			}
			if strings.Join(got, " ") != want {
				t.Errorf("by %s%s: %s", count, query, got)
			}
		}
	}

	next := read(t, h.Do(root, "GET", "/fhir/Patient/XA/$everything?_count=3", "")).link(h, "next")
	h.DB.Exec(`UPDATE pols SET data = data || '{"measurements": [{"wt": 70, "hr": 60}]}' WHERE id = 'p1'`)
	if got := read(t, h.Do(root, "GET", next, "")).all(); got[0] != "Condition/p1" || got[1] != "Observation/p1.-0hr" {
		t.Errorf("behind a measurement that is gone: %s", got)
	}
}

// It takes the grants of the person and of the book; without that of the documents it has none.
func TestEverythingIsWhatTheCallerMayRead(t *testing.T) {
	t.Parallel()
	for grants, want := range map[string]string{
		`"person", "book", "personaldocs"`: "person book personaldocs", `"person", "book"`: "person book", `"person", "personaldocs"`: "", `"book", "page"`: "",
	} {
		record := &testhub.AccessRecord{}
		h := &hub{testhub.QuickWith(t, rolesFile(t, "reader", `"GET": ["login", `+grants+`]`), func(o *testhub.Options) { o.Record = record })}
		account := h.Enrol("READER", "reader")
		h.plantBook("OTHER1")
		record.Take()
		a := h.Do(account, "GET", "/fhir/Patient/OTHER1/$everything", "")
		var lines []string
		for _, line := range record.Of(t, a) {
			lines = append(lines, strings.Fields(line)[3])
		}
		if want == "" {
			diagnostics(t, a, http.StatusForbidden)
			continue
		}
		documents := slices.Contains(read(t, a).all(), "DocumentReference/OTHER1d")
		if strings.Join(lines, " ") != want || documents != strings.Contains(want, "personaldocs") || len(read(t, a).all()) < 7 {
			t.Errorf("with %s: %q: %.300s", grants, lines, a.Text)
		}
	}

	h := bookHub(t)
	h.page(ana[0], "a1", `{"page_date": "2024-06-01", "measurements": [{"hr": 1}, {"hr": 2}]}`)
	next := read(t, h.Do(ana, "GET", "/fhir/Patient/ESPGNU777ORG/$everything?_count=2", "")).link(h, "next")
	h.Do(ana, "GET", next, "").Want(t, http.StatusOK)
	diagnostics(t, h.Do(other, "GET", next, ""), http.StatusForbidden)
	diagnostics(t, h.Do(other, "GET", strings.Replace(next, ana[0], other[0], 1), ""), http.StatusBadRequest)
	diagnostics(t, h.Do(ana, "GET", "/fhir/Patient/XA/$everything", ""), http.StatusForbidden)
	diagnostics(t, h.Do(nobody, "GET", "/fhir/Patient/XA/$everything", ""), http.StatusUnauthorized)
}

// What breaks on the way is cut off: half a book is no Bundle.
func TestEverythingThatIsCutOffIsNoJSON(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("XA", `{"name": "Ana"}`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT 'p' || n, 'XA', jsonb_build_object('id', 'p' || n, 'book', 'XA', 'info', repeat('x', 3000)) FROM generate_series(1, 8000) AS n`)
	r, err := http.DefaultClient.Do(h.Request(root, "GET", "/fhir/Patient/XA/$everything", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()

	begin := make([]byte, 1000)
	if _, err := io.ReadFull(r.Body, begin); err != nil {
		t.Fatal(err)
	}
	h.DB.Exec(`ALTER TABLE pols RENAME TO away`)
	rest, err := io.ReadAll(r.Body)
	if err == nil || json.Valid(append(begin, rest...)) {
		t.Errorf("%d bytes were a whole reply", len(rest))
	}
}
