// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"regexp"
	"strings"
)

// Coding is a code with its meaning.
type Coding struct{ System, Code, Display string }

// Systems of codes and identifiers.
const (
	loinc               = "http://loinc.org"
	ucum                = "http://unitsofmeasure.org"
	icd10               = "http://hl7.org/fhir/sid/icd-10"
	icd10PCS            = "http://www.cms.gov/Medicare/Coding/ICD10"
	terminology         = "http://terminology.hl7.org/CodeSystem/"
	observationCategory = terminology + "observation-category"
	conditionCategory   = terminology + "condition-category"
	dataAbsentReason    = terminology + "data-absent-reason"
	maritalStatus       = terminology + "v3-MaritalStatus"
	physicalType        = terminology + "location-physical-type"
	listEmptyReason     = terminology + "list-empty-reason"
)

// Systems of identifiers.
const (
	Federation        = "urn:gnuhealth:federation" // of persons
	InstitutionSystem = "urn:gnuhealth:institution"
	UnitSystem        = "urn:gnuhealth:domiciliary-unit"
	pageSystem        = "urn:gnuhealth:page"
	documentSystem    = "urn:gnuhealth:document"
)

// absentReasonUnknown is the code of dataAbsentReason of a value that nobody has told.
const absentReasonUnknown = "unknown"

// The forms of codes. Another code is carried without a system.
var (
	icd10Form    = regexp.MustCompile(`^[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?$`)
	icd10PCSForm = regexp.MustCompile(`^[0-9A-HJ-NP-Z]{7}$`)
	codeForm     = regexp.MustCompile(`^[!-~]+( [!-~]+)*$`)
)

// codingOf gives a code of a record with its system, if it has the form of that.
func codingOf(code, system string, form *regexp.Regexp) []Coding {
	code = strings.TrimSpace(code)
	if form.MatchString(code) {
		return []Coding{{System: system, Code: code}}
	}
	return localCode(code)
}

// localCode gives a code without a system, if it is one.
func localCode(code string) []Coding {
	if !codeForm.MatchString(code) {
		return nil
	}
	return []Coding{{Code: code}}
}

// concept appends a CodeableConcept.
func (w *writer) concept(key string, codings []Coding, text string) {
	w.object(key, func() {
		w.list("coding", func() {
			for _, c := range codings {
				w.coding(c)
			}
		})
		w.text("text", text)
	})
}

func (w *writer) coding(c Coding) { w.codingAs("", c) }

func (w *writer) codingAs(key string, c Coding) {
	w.object(key, func() {
		w.code("system", c.System)
		w.code("code", c.Code)
		w.code("display", c.Display)
	})
}

// concepts appends a list of CodeableConcepts, each of one code.
func (w *writer) concepts(key string, codings []Coding) {
	w.list(key, func() {
		for _, c := range codings {
			w.concept("", []Coding{c}, "")
		}
	})
}

// identifier appends a list of one identifier.
func (w *writer) identifier(system, value string) {
	w.list("identifier", func() { w.object("", func() { w.identify(system, value) }) })
}

func (w *writer) identify(system, value string) {
	w.code("system", system)
	w.text("value", value)
}

// reference appends a reference to a resource here.
func (w *writer) reference(key, to string) {
	w.object(key, func() { w.code("reference", to) })
}
