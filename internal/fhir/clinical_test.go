// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

// bookHub has a book of its own, whose owner is XA, in a zone that is not UTC.
func bookHub(t *testing.T, change ...func(*testhub.Options)) *hub {
	t.Helper()
	h := quickHub(t, append(change, func(o *testhub.Options) { o.Zone = time.FixedZone("", -5*60*60) })...)
	h.person("XA", `{"name": "Ana"}`)
	h.person("X_B", `{"name": "Bea"}`)
	h.page("XA", "p1", `{"page_date": "2024-05-01T10:00:00Z", "page_type": "medical", "medical_context": "encounter", "health_condition_code": "I10",
		"measurements": "{'bp': {'systolic': 120, 'diastolic': 80}, 'hr': 60}"}`)
	h.page("XA", "p2", `{"page_date": "2024-05-02 22:00:00", "domain": "medical", "measurements": [{"hr": 61}, {"bg": 100}]}`)
	h.page("XA", "p3", `{"page_date": "2024-05-03", "page_type": "medical", "medical_context": "immunization", "procedure_code": "3E0234Z", "summary": "Tetanus"}`)
	h.page("XA", "p4", `{"page_date": "soon", "page_type": "social", "summary": "Support"}`)
	h.page("X_B", "o1", `{"page_date": "2024-05-01", "measurements": [{"hr": 99}]}`)
	h.Do(root, "POST", "/personal_docs/XA/p1?id=d1", "bytes").Want(t, http.StatusCreated)
	h.Do(root, "POST", "/personal_docs/XA/p1?id=d2", "bytes").Want(t, http.StatusCreated)
	h.DB.Exec(`UPDATE personal_docs SET data = data || '{"type": "letter", "context": "encounter"}' WHERE id = 'd2'`)
	h.DB.Exec(`UPDATE thalamus_changes SET time = '2001-02-03T04:05:06Z' WHERE id = 'd1'`)
	return h
}

func TestABookIsFoundByEachParameter(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	all := "p1.-0bp p1.-0hr p2.-0hr p2.-1bg p4"
	for query, want := range map[string]string{
		"Observation?": all, "Observation?subject=Patient/XA&": all, "Observation?subject=XA&": all, "Observation?subject=" + url.QueryEscape(h.URL+"/fhir/Patient/XA") + "&": all,
		"Observation?_sort=date&": all, "Observation?_sort=-date&": "p2.-0hr p2.-1bg p1.-0bp p1.-0hr p4",
		"Observation?code=8867-4&": "p1.-0hr p2.-0hr", "Observation?code=http://loinc.org%7C8867-4,2339-0&": "p1.-0hr p2.-0hr p2.-1bg", "Observation?code=http://loinc.org%7C&": "p1.-0bp p1.-0hr p2.-0hr p2.-1bg",
		"Observation?code=urn:other%7C8867-4&": "", "Observation?code=%7C8867-4&": "", "Observation?code=8867-4&code=2339-0&": "", "Observation?code=8867-4%5C,x&": "",
		"Observation?category=vital-signs&": "p1.-0bp p1.-0hr p2.-0hr", "Observation?category=laboratory,social-history&": "p2.-1bg p4", "Observation?category=vital-signs&code=8867-4&date=2024-05-01&": "p1.-0hr",
		"Observation?date=2024-05-02&": "p2.-0hr p2.-1bg", "Observation?date=2024-05-03&": "", "Observation?date=2024-05-03T03:00:00Z&": "p2.-0hr p2.-1bg", "Observation?date=2024-05-02T22:00-05:00&": "p2.-0hr p2.-1bg",
		"Observation?date=2024-05-02T22:00&": "p2.-0hr p2.-1bg", "Observation?date=ge2024-05-02&": "p2.-0hr p2.-1bg", "Observation?date=lt2024-05-02&": "p1.-0bp p1.-0hr", "Observation?date=2024-05&date=ne2024-05-01&": "p2.-0hr p2.-1bg",
		"Observation?date=2024&": "p1.-0bp p1.-0hr p2.-0hr p2.-1bg", "Observation?date=2023,gt2024-05-01&": "p2.-0hr p2.-1bg", "Observation?date=sa2024-05-02&": "", "Observation?date=eb2024-05-02,2024-05-02&": "p1.-0bp p1.-0hr p2.-0hr p2.-1bg",
		"Observation?date=le2024-05-01T10:00:00Z&": "p1.-0bp p1.-0hr", "Observation?date=gt2024-05-01T10:00:00Z&": "p2.-0hr p2.-1bg",
		"Condition?": "p1", "Condition?code=I10&": "p1", "Condition?code=I11&": "", "Condition?category=encounter-diagnosis&": "p1", "Condition?date=2024-05-01&": "p1", "Condition?recorded-date=gt2024-05-01&": "",
		"Immunization?": "p3", "Immunization?date=2024-05-03&": "p3", "Immunization?date=lt2024-05-03&": "", "Immunization?vaccine-code=x&": "",
		"Procedure?": "p3", "Procedure?code=3E0234Z&": "p3", "Procedure?code=http://hl7.org/fhir/sid/icd-10%7C3E0234Z&": "", "Procedure?date=ge2024-05-04&": "",
		"DocumentReference?": "d1 d2", "DocumentReference?type=letter&": "d2", "DocumentReference?category=encounter&": "d2", "DocumentReference?date=lt2002&": "d1",
		"DocumentReference?_sort=date&": "d1 d2", "DocumentReference?_sort=-date&": "d2 d1",
	} {
		query = strings.TrimSuffix(query, "&")
		if !strings.Contains(query, "subject=") {
			query = strings.Replace(query, "?", "?patient=XA&", 1)
		}
		if got := h.search(root, "/fhir/"+query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		kind, form, _ := strings.Cut(query, "?")
		if got := read(t, h.form(root, "/fhir/"+kind+"/_search", form)).ids(); got != want {
			t.Errorf("%s as a form: %s, want %s", query, got, want)
		}
	}
	if got := h.search(root, "/fhir/Observation?patient=X.5FB"); got != "o1.-0hr" {
		t.Errorf("the book of X_B has %s", got)
	}
	if got := h.search(root, "/fhir/Observation?patient=NOBODY"); got != "" {
		t.Errorf("nobody's book has %s", got)
	}
}

func TestASearchOfABookRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	for query, want := range map[string]string{
		"": "A search of Observation needs", "code=8867-4": "A search of Observation needs", "patient=": "patient must", "patient=A_B": "patient must", "patient=Device/XA": "patient must",
		"patient=XA,X.5FB": "patient must", "patient=XA&subject=X.5FB": "patient must", "patient=XA&patient=X.5FB": "patient must",
		"patient=XA&date=yesterday": "date must", "patient=XA&date=": "date must", "patient=XA&date=ap2024": "date must", "patient=XA&date=2024-02-30": "date must", "patient=XA&_sort=code": "_sort must",
		"patient=XA&_count=0": "_count must", "patient=XA&_after=x": "_after must", "patient=XA&code=a%7Cb%7Cc": "code must", "patient=XA&code=": "code must",
		"patient=XA&nom=x": "There is no such parameter, or modifier: nom. ", "patient=XA&code:text=x": "There is no such parameter, or modifier: code:text. ",
		"patient=XA&b=1&a=1": "There is no such parameter, or modifier: a, b. ", "patient=XA&%3Cscript%3E=x": "There is no such parameter, or modifier: one of another form. ",
		"patient=XA&_total=accurate": "There is no such parameter, or modifier: _total. ",
	} {
		if got := diagnostics(t, h.Do(root, "GET", "/fhir/Observation?"+query, ""), http.StatusBadRequest); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", query, got)
		}
	}
	got := diagnostics(t, h.Do(root, "GET", "/fhir/Immunization?patient=XA&code=x", ""), http.StatusBadRequest)
	if want := " Parameters, without modifiers: patient, subject, vaccine-code, date, _sort, _count, _after, _format."; !strings.HasSuffix(got, want) {
		t.Errorf("it names %s", got)
	}
}

// A lenient search says in its self link what it heard.
func TestALenientSearchIgnoresWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	for _, prefer := range []string{"handling=lenient", "respond-async, Handling=Lenient", "x; handling=lenient"} {
		b := read(t, h.DoWith(root, "GET", "/fhir/Observation?patient=XA&nom=x&code=8867-4", "", "Prefer", prefer))
		if b.ids() != "p1.-0hr p2.-0hr" || b.link(h, "self") != "/fhir/Observation?code=8867-4&patient=XA" {
			t.Errorf("%s: %s, self %s", prefer, b.ids(), b.link(h, "self"))
		}
	}
	diagnostics(t, h.DoWith(root, "GET", "/fhir/Observation?patient=XA&nom=x", "", "Prefer", "handling=strict"), http.StatusBadRequest)
}

// pages reads a search page by page, and holds each to the number that was asked for.
func (h *hub) pages(account []string, path string, count int, between func()) (ids []string) {
	h.T.Helper()
	for path += fmt.Sprintf("&_count=%d", count); path != ""; {
		b := read(h.T, h.Do(account, "GET", path, ""))
		next := b.link(h, "next")
		if len(b.Entry) > count || next != "" && len(b.Entry) < count {
			h.T.Fatalf("%s has %d resources", path, len(b.Entry))
		}
		for _, one := range b.Entry {
			ids = append(ids, one.Resource.ID)
		}
		path = next
		between()
	}
	return ids
}

func TestPagesOfASearchAreAllOfIt(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	var measurements strings.Builder
	for n := range 30 {
		fmt.Fprintf(&measurements, `,{"hr": %d}`, 60+n)
	}
	h.page("XA", "many", `{"page_date": "2024-05-02T00:00:00Z", "measurements": [{"bg": 1}`+measurements.String()+`]}`)
	for n := range 250 {
		h.page("XA", fmt.Sprintf("n%03d", n), fmt.Sprintf(`{"page_date": "2024-06-%02d", "measurements": [{"hr": 70}]}`, 1+n%28))
	}
	for _, query := range []string{"Observation?patient=XA", "Observation?patient=XA&_sort=-date", "Observation?patient=XA&code=8867-4", "Observation?patient=XA&date=ge2024-05-02&date=lt2024-06-05&_sort=-date",
		"Observation?patient=XA&category=social-history", "Condition?patient=XA", "DocumentReference?patient=XA"} {
		want := strings.Fields(h.search(root, "/fhir/"+query))
		for _, count := range []int{1, 7, 100, 1000} {
			if count == 1 && len(want) > 50 {
				continue
			}
			if got := h.pages(root, "/fhir/"+query, count, func() {}); !slices.Equal(got, want) {
				t.Errorf("%s by %d: %d resources, want %d", query, count, len(got), len(want))
			}
		}
	}
}

// Those who write meanwhile add what is behind and before, and remove what was given.
func TestPagingBesideWritersGivesEachOnce(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	for n := range 40 {
		h.page("XA", fmt.Sprintf("n%02d", n), fmt.Sprintf(`{"page_date": "2024-06-%02d", "measurements": [{"hr": 70}, {"hr": 71}, {"hr": 72}]}`, 1+n%28))
	}
	want := strings.Fields(h.search(root, "/fhir/Observation?patient=XA"))
	n := 0
	got := h.pages(root, "/fhir/Observation?patient=XA", 4, func() {
		n++
		h.page("XA", fmt.Sprintf("before%d", n), `{"page_date": "2000-01-01", "measurements": [{"hr": 1}]}`)
		h.page("XA", fmt.Sprintf("behind%d", n), `{"page_date": "2024-06-29", "measurements": [{"hr": 1}]}`)
	})
	seen := map[string]int{}
	for _, id := range got {
		seen[id]++
	}
	for _, id := range want {
		if seen[id] != 1 {
			t.Errorf("%s came %d times", id, seen[id])
		}
	}
}

// A cursor says nothing of who may read with it.
func TestACursorIsGoodForItsPatientOnly(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	h.page(ana[0], "a1", `{"page_date": "2024-06-01", "measurements": [{"hr": 1}, {"hr": 2}]}`)
	next := read(t, h.Do(ana, "GET", "/fhir/Observation?patient=ESPGNU777ORG&_count=1", "")).link(h, "next")
	h.Do(ana, "GET", next, "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", next, "").Want(t, http.StatusOK)
	diagnostics(t, h.Do(other, "GET", next, ""), http.StatusForbidden)
	diagnostics(t, h.Do(other, "GET", strings.Replace(next, ana[0], other[0], 1), ""), http.StatusBadRequest)
	diagnostics(t, h.Do(cameron, "GET", strings.Replace(next, ana[0], "XA", 1), ""), http.StatusBadRequest)
	diagnostics(t, h.Do(ana, "GET", strings.Replace(next, "Observation", "Condition", 1), ""), http.StatusBadRequest)
	diagnostics(t, h.Do(ana, "GET", next+"&_sort=-date", ""), http.StatusBadRequest)
}

func TestEachResourceIsReadByItsID(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	long := strings.Repeat("a long id of a page ", 5)
	h.page("XA", long, `{"measurements": [{"hr": 60}]}`)
	for _, kind := range []string{"Observation", "Condition", "Immunization", "Procedure", "DocumentReference"} {
		b := read(t, h.Do(root, "GET", "/fhir/"+kind+"?patient=XA", ""))
		for _, one := range b.Entry {
			path := strings.TrimPrefix(one.FullURL, h.URL)
			a := h.Do(root, "GET", path, "").Want(t, http.StatusOK)
			if id := a.Fields(t)["id"]; id != one.Resource.ID || a.Header.Get("ETag") != `W/"`+one.Resource.Meta.VersionID+`"` || a.Header.Get("Last-Modified") == "" {
				t.Errorf("%s has the id %s, %v", path, id, a.Header)
			}
			h.DoWith(root, "GET", path, "", "If-None-Match", a.Header.Get("ETag")).Want(t, http.StatusNotModified)
		}
		for _, id := range []string{"NONE", "p1.-9hr", "p1.-0hr.-", "p4.-0hr", "a_b", "..00000000000000000000000000000000", ".41"} {
			diagnostics(t, h.Do(root, "GET", "/fhir/"+kind+"/"+id, ""), http.StatusNotFound)
		}
	}
}
