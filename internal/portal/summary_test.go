// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// summaryPages gives a person a problem, a vaccine and a measurement, and a problem that has many words.
func summaryPages(h *testhub.Hub) {
	for id, page := range map[string]string{
		"s1": `"page_date": "2024-05-01", "page_type": "medical", "medical_context": "encounter", "health_condition_text": "Hipertensión <b>", "health_condition_code": "I10", "summary": "Control"`,
		"s2": `"page_date": "2024-05-02", "page_type": "medical", "medical_context": "immunization", "summary": "Tétanos"`,
		"s3": `"page_date": "2024-05-03", "measurements": [{"bp": {"systolic": 124, "diastolic": 75}}]`,
		"s4": `"page_date": "2024-05-04", "page_type": "medical", "medical_context": "encounter", "health_condition_text": "Asma", "info": "` + strings.Repeat("ñ", 300) + `"`,
	} {
		h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ($1::text, $2::text, $3::jsonb || jsonb_build_object('id', $1::text, 'book', $2::text))`, id, ana[0], "{"+page+"}")
	}
}

// A doctor abroad reads English, the person who carries it her own language.
func TestTheSummaryIsInTwoLanguages(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	summaryPages(h)
	b := h.SignIn(ana)
	es := h.DoWith(nil, "GET", "/portal/summary", "", "Cookie", b.Cookie, "Accept-Language", "es").Want(t, http.StatusOK).Text
	for _, want := range []string{
		`<h2>Problemas de salud / <span lang="en" dir="auto">Health problems</span></h2>`, `<b dir="auto">Hipertensión &lt;b&gt;</b> (<bdi>I10</bdi>), <bdi>2024-05-01</bdi>: <span dir="auto">Control</span>`,
		`Se desconoce si las hay: pregunte, por favor. / <span lang="en" dir="auto">There is no list of allergies here.`, `/ <span lang="en" dir="auto">There is no list of medicines here.`,
		`<b dir="auto">Tétanos</b>`, `<b>Presión arterial / <span lang="en" dir="auto">Blood pressure</span></b> <bdi>124/75 mmHg</bdi>, <bdi>2024-05-03</bdi>`, strings.Repeat("ñ", 200) + "…<", `Mujer / <span lang="en" dir="auto">Female</span>`,
		`<bdi>1985-10-04</bdi>`, `<bdi>Ana Betz</bdi>`,
	} {
		if !strings.Contains(es, want) {
			t.Errorf("there is no %s in %s", want, es)
		}
	}
	if en := b.Get("/portal/summary").Want(t, http.StatusOK).Text; strings.Contains(en, ` / <span`) || !strings.Contains(en, "<h2>Health problems</h2>") {
		t.Error(en)
	}
	if strings.Contains(es, "Embarazos") || strings.Contains(es, "Aquí no consta ningún problema") {
		t.Errorf("it has sections of which nothing is told: %s", es)
	}
	if none := h.SignIn(other).Get("/portal/summary").Want(t, http.StatusOK).Text; !strings.Contains(none, "That does not mean that there are none.") {
		t.Error(none)
	}
}

// Where pages tell of an allergy or a medicine, the paper does not say that nothing is known of any.
func TestTheSummarySaysWhatItsItemsAre(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for id, page := range map[string]string{
		"s1": `{"page_date": "2024-05-01", "page_type": "medical", "medical_context": "encounter", "health_condition_text": "Allergy to bees", "health_condition_code": "Z91.0"}`,
		"s2": `{"page_date": "2014-05-02", "page_type": "medical", "medical_context": "prescription", "summary": "Metformin 850 mg"}`,
	} {
		h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ($1::text, $2::text, $3::jsonb || jsonb_build_object('id', $1::text, 'book', $2::text))`, id, ana[0], page)
	}
	paper := h.SignIn(ana).Get("/portal/summary").Want(t, http.StatusOK).Text
	for text, want := range map[string]bool{"some may deny one. Whether there are others is unknown: please ask.": true, "prescribed on their dates. Whether they, or others,": true, "Whether there are any": false, "Whether any are taken": false} {
		if strings.Contains(paper, text) != want {
			t.Errorf("%s: %t, in %s", text, !want, paper)
		}
	}
}

func TestTheSummaryIsAFileForOtherHospitals(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	summaryPages(h)
	a := h.SignIn(ana).Get("/portal/summary.json").Want(t, http.StatusOK)
	var document struct {
		Type  string
		Entry []struct{ FullURL string }
	}
	if err := json.Unmarshal([]byte(a.Text), &document); err != nil || document.Type != "document" || document.Entry[1].FullURL != h.URL+"/fhir/Patient/ESPGNU777ORG" || len(document.Entry) != 7 {
		t.Errorf("%v: %s", err, a.Text)
	}
	if a.Header.Get("Content-Disposition") != `attachment; filename="summary.json"` || a.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", a.Header)
	}
}

// It takes the grants of the person and of the book, of oneself or of everybody, and both are in the access record.
func TestTheSummaryIsOfWhoMayReadThePersonAndTheBook(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	patient, doctor := h.SignIn(ana), h.SignIn(testhub.Cameron)
	for _, page := range []string{"summary", "summary.json"} {
		l.Take()
		a := doctor.Get("/portal/people/ESPGNU777ORG/"+page).Want(t, http.StatusOK)
		if lines := l.Of(t, a); len(lines) != 2 || !strings.Contains(lines[0], " person ESPGNU777ORG ") || !strings.Contains(lines[1], " book ESPGNU777ORG ") {
			t.Errorf("%s: %q", page, lines)
		}
		if l.Take(); len(l.Of(t, patient.Get("/portal/"+page).Want(t, http.StatusOK))) != 2 {
			t.Errorf("%s of oneself has not two lines", page)
		}
		patient.Get("/portal/people/"+other[0]+"/"+page).Want(t, http.StatusForbidden)
		doctor.Get("/portal/people/NOBODY/"+page).Want(t, http.StatusNotFound)
	}
}
