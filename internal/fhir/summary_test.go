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

// document is a patient summary as a program reads it.
type document struct {
	Type, Timestamp string
	Identifier      struct{ System, Value string }
	Entry           []struct {
		FullURL  string
		Resource documentEntry
	}
	text string
}

type documentEntry struct {
	ResourceType, ID string
	Code             concept
	Link             []any
	Type             json.RawMessage
	Author           []struct{ Reference string }
	Section          []documentSection
}

type documentSection struct {
	Title       string
	Code        concept
	Text        struct{ Status, Div string }
	Entry       []struct{ Reference string }
	EmptyReason concept
}

func (h *hub) summary(account []string, path string) (d document) {
	h.T.Helper()
	a := h.Do(account, http.MethodGet, path, "").Want(h.T, http.StatusOK)
	if err := json.Unmarshal([]byte(a.Text), &d); err != nil || a.Header.Get("Content-Type") != gate.FHIRType || a.Header.Get("Cache-Control") != "no-store" {
		h.T.Fatalf("%s: %v: %v", path, err, a.Header)
	}
	d.text = a.Text
	return d
}

// section gives the section of a code of LOINC; the zero value if there is none.
func (d document) section(code string) documentSection {
	for _, one := range d.Entry[0].Resource.Section {
		if one.Code.name() == code {
			return one
		}
	}
	return documentSection{}
}

// targets gives the entries that a section refers to, as Type/id.
func (d document) targets(section documentSection) (all []string) {
	for _, reference := range section.Entry {
		for _, one := range d.Entry {
			if one.FullURL == reference.Reference {
				all = append(all, one.Resource.ResourceType+"/"+one.Resource.ID)
			}
		}
	}
	return all
}

// The sections of a summary by their codes.
const (
	problems, allergies, medications, immunizations = "11450-4", "48765-2", "10160-0", "11369-6"
	results, procedures, pregnancies, vitalSigns    = "30954-2", "47519-4", "10162-6", "8716-3"
)

// Of somebody of whom nothing is known the summary says that, and never that there is nothing.
func TestASummaryDoesNotSayThatThereIsNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("X_A", `{}`)
	d := h.summary(root, "/fhir/Patient/X.5FA/$summary")
	if d.Type != "document" || d.Timestamp == "" || !strings.HasPrefix(d.Identifier.Value, "urn:uuid:") || len(d.Entry) != 3 {
		t.Fatalf("%s", d.text)
	}
	composition, patient, device := d.Entry[0], d.Entry[1], d.Entry[2]
	if composition.Resource.ResourceType != "Composition" || patient.FullURL != h.URL+"/fhir/Patient/X.5FA" || device.Resource.ResourceType != "Device" ||
		composition.Resource.Author[0].Reference != device.FullURL || strings.Count(d.text, `"_birthDate"`) != 1 || strings.Count(d.text, `"_text"`) != 1 {
		t.Errorf("%s", d.text)
	}
	if len(composition.Resource.Section) != 3 {
		t.Errorf("there are %d sections", len(composition.Resource.Section))
	}
	for _, code := range []string{problems, allergies, medications} {
		section := d.section(code)
		if section.EmptyReason.name() != "unavailable" || section.Entry != nil || !strings.Contains(section.Text.Div, "unknown") && !strings.Contains(section.Text.Div, "does not mean") {
			t.Errorf("%s: %+v", code, section)
		}
	}
	if strings.Contains(d.text, "nilknown") || strings.Contains(d.text, "no-known") {
		t.Errorf("%s", d.text)
	}
	if again := h.summary(root, "/fhir/Patient/X.5FA/$summary"); again.Identifier.Value == d.Identifier.Value || again.Entry[0].FullURL == d.Entry[0].FullURL {
		t.Error("two documents have one identifier")
	}
}

// Ana's summary is read as by a doctor abroad: nothing in it is untrue of her.
func TestTheSummaryOfTheDemoMisleadsNobody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.plantDemo()
	d := h.summary(ana, "/fhir/Patient/ESPGNU777ORG/$summary")
	for code, want := range map[string]int{problems: 2, allergies: 0, medications: 0, immunizations: 6, results: 2, procedures: 0, pregnancies: 0, vitalSigns: 6} {
		section := d.section(code)
		if got := d.targets(section); len(got) != want || len(section.Entry) != want {
			t.Errorf("%s has %q: %s", code, got, section.Text.Div)
		}
	}
	for code, lines := range map[string][]string{
		problems: {
			`<b>Essential (primary) hypertension</b> (I10), 2026-05-20: Yearly check. Goal reached and kept. Next control in a year</li>`,
			`<b>Primary thrombophilia</b> (D68.5), 2015-03-12: Factor V Leiden, heterozygous. Tested because`, `To be known before surgery, in pregnancy and when choosing contraception`,
			`<b>Fracture of lower end of radius</b> (S52.5), 2009-07-18`,
		},
		allergies: {
			`<p>There is no list of allergies here. These are pages with a code of an allergy, and some may deny one. Whether there are others is unknown.</p><ul>`,
			`<b>No allergy to penicillin</b> (Z88.0, Personal history of allergy to penicillin), 2025-02-11: Skin test and amoxicillin by mouth without reaction: penicillins may be given</li>`,
		},
		medications:   {`Whether any are taken is unknown.`},
		immunizations: {`<b>COVID-19 vaccination</b>, 2021-06-14: Second dose, school staff.`, `Diphtheria, tetanus and pertussis, first dose; oral polio`},
		results:       {`<b>Glucose</b> 95 mg/dL, 2026-05-05`, `<b>Factor V Leiden, heterozygous</b>, 2015-03-12`},
		pregnancies:   {`2019-11-08: Birth of Mateo`, `2016-03-22: Birth of Lucía. Spontaneous delivery at 40 weeks. Low-molecular-weight heparin`},
		vitalSigns:    {`<b>Blood pressure</b> 124/75 mmHg, 2026-05-31</li>`, `<b>Temperature</b> 36.4 °C, 2026-05-20</li>`},
	} {
		for _, line := range lines {
			if div := d.section(code).Text.Div; !strings.Contains(div, line) {
				t.Errorf("%s lacks %s: %s", code, line, div)
			}
		}
	}
	for _, wrong := range []string{"O80", "Z88.0", "Z09.4", "delivery", "penicillin"} {
		if strings.Contains(d.section(problems).Text.Div, wrong) {
			t.Errorf("%s is a problem", wrong)
		}
	}
	for _, one := range d.Entry {
		if one.Resource.ResourceType == "Condition" && slices.Contains([]string{"O80", "Z88.0"}, one.Resource.Code.name()) {
			t.Errorf("%s is a Condition", one.Resource.Code.name())
		}
	}
}

// What was told several times is there once, with the last page; what has no date comes after what has one.
func TestASummaryHasOneEntryForEachCode(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("XA", `{"name": "Ana", "dob": "2000-01-02", "gender": "f"}`)
	for id, page := range map[string]string{
		"i1": `"page_date": "2020-01-01", "health_condition_code": "S525", "health_condition_text": "Fracture"`,
		"i2": `"page_date": "2021-01-01", "health_condition_code": "S52.5", "health_condition_text": "Broken arm"`,
		"i3": `"page_date": "soon", "health_condition_code": "S52.5"`,
		"t1": `"page_date": "2020-01-01", "health_condition_text": "Asthma"`,
		"t2": `"page_date": "2022-01-01", "health_condition_text": " asthma "`,
		"o1": `"page_date": "2000-01-02", "health_condition_code": "O80"`,
		"o2": `"page_date": "2023-01-02", "health_condition_code": "O80"`,
		"v1": `"page_date": "2020-01-01", "medical_context": "immunization", "summary": "Tetanus", "procedure_code": "3E0234Z"`,
		"v2": `"page_date": "2021-01-01", "medical_context": "immunization", "summary": "Tetanus"`,
		"b1": `"page_date": "2000-01-02", "medical_context": "birth", "health_condition_code": "O80"`,
		"f1": `"page_date": "2020-01-02", "medical_context": "family", "health_condition_code": "C50", "health_condition_text": "Her mother's"`,
		"r1": `"page_date": "2020-01-02", "medical_context": "prescription", "summary": "Metformin 850 mg", "info": "With meals"`,
		"a1": `"page_date": "2020-01-02", "health_condition_code": "Z91.0", "health_condition_text": "Allergy to bees"`,
		"a2": `"page_date": "2020-01-02", "health_condition_code": "T78.2", "health_condition_text": "Anaphylactic shock"`,
		"m1": `"page_date": "2020-01-01", "measurements": [{"bp": {"systolic": 120, "diastolic": 80}, "hr": 61}]`,
		"m2": `"page_date": "2021-01-01", "measurements": [{"bp": {"systolic": 130}}]`,
		"p1": `"page_date": "2020-01-01", "procedure_text": "X-ray"`,
	} {
		if !strings.Contains(page, "medical_context") {
			page += `, "medical_context": "encounter"`
		}
		h.page("XA", id, `{"page_type": "medical", `+page+`}`)
	}
	d := h.summary(root, "/fhir/Patient/XA/$summary")
	for code, want := range map[string][]string{
		problems: {"Condition/t2", "Condition/i2", "Condition/a2"}, allergies: nil, medications: nil, immunizations: {"Immunization/v2"},
		results: nil, procedures: {"Procedure/p1"}, pregnancies: nil, vitalSigns: {"Observation/m2.-0bp", "Observation/m1.-0hr"},
	} {
		if got := d.targets(d.section(code)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	for code, want := range map[string]string{
		problems: "<b>Broken arm</b> (S52.5), 2021-01-01</li>", allergies: "<b>Allergy to bees</b> (Z91.0), 2020-01-02</li>", medications: "prescribed on their dates. Whether they, or others, are still taken is unknown.</p><ul><li><b>Metformin 850 mg</b>, 2020-01-02: With meals</li>",
		pregnancies: "<ul><li><b>O80</b>, 2023-01-02</li></ul>", vitalSigns: "<b>Blood pressure</b> 130/? mmHg, 2021-01-01",
	} {
		if got := d.section(code).Text.Div; !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	if status := d.section(allergies).Text.Status + d.section(problems).Text.Status; status != "additionalgenerated" {
		t.Error(status)
	}
}

// What is told with words only is told, and nothing beside it says that there is nothing.
func TestASectionOfWordsDoesNotSayThatItIsEmpty(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("XA", `{"name": "Ana"}`)
	h.page("XA", "h1", `{"page_date": "2019-01-01", "page_type": "medical", "medical_context": "hospitalization", "health_condition_text": "Pneumonia"}`)
	section := h.summary(root, "/fhir/Patient/XA/$summary").section(problems)
	if div := section.Text.Div; !strings.Contains(div, "<li><b>Pneumonia</b>, 2019-01-01</li>") || strings.Contains(div, "No problems") || section.Entry != nil || section.EmptyReason.name() != "unavailable" {
		t.Errorf("%+v", section)
	}
}

// Texts are texts, whatever they look like.
func TestASummaryHasNoScript(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("XA", `{"name": "<script>"}`)
	h.page("XA", "p1", `{"page_date": "2020", "page_type": "medical", "medical_context": "encounter", "health_condition_text": "<script>\"&'\uffff\u0007", "info": "</div><b onclick=1>"}`)
	div := h.summary(root, "/fhir/Patient/XA/$summary").section(problems).Text.Div
	if want := `<li><b>&lt;script&gt;&#34;&amp;&#39;` + "\uFFFD\uFFFD" + `</b>, without a date that can be read: &lt;/div&gt;&lt;b onclick=1&gt;. page_date: 2020</li>`; !strings.Contains(div, want) {
		t.Error(div)
	}
}

// Other records of the person are not in the document, and so nothing leads to them.
func TestASummaryHasNoLinks(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, http.MethodPost, "/people/ESPGNU777ORG/links", `{"person": "ITAPYT999HON", "same": true}`).Want(t, http.StatusCreated)
	if patient := h.Do(root, http.MethodGet, "/fhir/Patient/ESPGNU777ORG", ""); !strings.Contains(patient.Text, `"link"`) {
		t.Fatal(patient.Text)
	}
	if d := h.summary(root, "/fhir/Patient/ESPGNU777ORG/$summary"); d.Entry[1].Resource.Link != nil {
		t.Error(d.text)
	}
}

func TestASummaryIsFoundByIdentifier(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.person("X_A", `{"name": "Ana"}`)
	for _, value := range []string{"urn:gnuhealth:federation%7CX_A", "X_A"} {
		if d := h.summary(root, "/fhir/Patient/$summary?identifier="+value); d.Entry[1].FullURL != h.URL+"/fhir/Patient/X.5FA" {
			t.Error(d.text)
		}
	}
	for query, status := range map[string]int{
		"": 400, "?identifier=": 400, "?identifier=a,b": 400, "?identifier=X_A&identifier=XA": 400, "?identifier=a%7Cb%7Cc": 400, "?identifier=a%00": 400,
		"?identifier=urn:other%7CX_A": 404, "?identifier=NOBODY": 404, "?identifier=X_A&_count=2": 400, "?identifier=X_A&_format=xml": 406,
	} {
		diagnostics(t, h.Do(root, http.MethodGet, "/fhir/Patient/$summary"+query, ""), status)
	}
	diagnostics(t, h.Do(root, http.MethodGet, "/fhir/Patient/NOBODY/$summary", ""), http.StatusNotFound)
	diagnostics(t, h.Do(root, http.MethodGet, "/fhir/Patient/a_b/$summary", ""), http.StatusNotFound)
	diagnostics(t, h.Do(root, http.MethodGet, "/fhir/Patient/X.5FA/$summary?profile=x", ""), http.StatusBadRequest)
}

// A summary takes the grants of the person and of the book, and the access record says that both were read.
func TestASummaryIsOfWhoMayReadThePersonAndTheBook(t *testing.T) {
	t.Parallel()
	for grants, want := range map[string]int{`"person", "book"`: 200, `"person"`: 403, `"book"`: 403, `"person", "page", "people", "document"`: 403} {
		record := &testhub.AccessRecord{}
		h := &hub{testhub.QuickWith(t, rolesFile(t, "traveller", `"GET": ["login", `+grants+`]`), func(o *testhub.Options) { o.Record = record })}
		account := h.Enrol("TRAVELLER", "traveller")
		h.plantBook("OTHER1")
		for _, path := range []string{"/fhir/Patient/OTHER1/$summary", "/fhir/Patient/$summary?identifier=OTHER1"} {
			record.Take()
			a := h.Do(account, http.MethodGet, path, "").Want(t, want)
			lines := record.Take()
			if want == http.StatusForbidden {
				diagnostics(t, a, want)
			}
			if len(lines) != 2 || !strings.Contains(lines[0], `"endpoint":"person","person":"OTHER1"`) || !strings.Contains(lines[1], `"endpoint":"book","person":"OTHER1"`) {
				t.Errorf("%s with %s: %q", path, grants, lines)
			}
		}
	}

	h := bookHub(t)
	h.summary(ana, "/fhir/Patient/$summary?identifier=ESPGNU777ORG")
	for _, path := range []string{"/fhir/Patient/XA/$summary", "/fhir/Patient/NONE/$summary", "/fhir/Patient/$summary?identifier=XA", "/fhir/Patient/$summary?identifier=NONE"} {
		diagnostics(t, h.Do(ana, http.MethodGet, path, ""), http.StatusForbidden)
		diagnostics(t, h.Do(nobody, http.MethodGet, path, ""), http.StatusUnauthorized)
	}
}
