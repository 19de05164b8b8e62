// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"regexp"
	"strings"
	"time"

	"thalamus/internal/record"
)

// genders has FHIR's words for those of the federation; of any other nothing is said.
var genders = map[string]string{"m": "male", "f": "female", "nb": "other", "other": "other", "nd": "unknown"}

// Genders gives the words of the federation for one of FHIR's; none if it is no gender.
func Genders(word string) (ours []string) {
	for our, theirs := range genders {
		if theirs == word {
			ours = append(ours, our)
		}
	}
	return ours
}

// maritalStatuses has the codes of v3-MaritalStatus, also for the letters of the hospitals' system.
var maritalStatuses = map[string]Coding{
	"single": {maritalStatus, "S", "Never Married"}, "s": {maritalStatus, "S", "Never Married"},
	"married": {maritalStatus, "M", "Married"}, "m": {maritalStatus, "M", "Married"},
	"concubinage": {maritalStatus, "T", "Domestic partner"}, "c": {maritalStatus, "T", "Domestic partner"},
	"widowed": {maritalStatus, "W", "Widowed"}, "w": {maritalStatus, "W", "Widowed"},
	"divorced": {maritalStatus, "D", "Divorced"}, "d": {maritalStatus, "D", "Divorced"},
	"separated": {maritalStatus, "L", "Legally Separated"}, "x": {maritalStatus, "L", "Legally Separated"},
}

// Patient gives a person, with the ids of other records of the same person. Times without a zone
// are in this one.
func Patient(person Record, linked []string, zone *time.Location) Resource {
	m := membersOf(person.Data)
	return patient(person, func(w *writer) {
		writePatient(w, person.ID, m, zone)
		w.list("link", func() { writeLinks(w, linked) })
	})
}

func patient(person Record, fill func(w *writer)) Resource {
	return Resource{Type: "Patient", ID: ID(person.ID), from: &origin{Record: person}, fill: fill}
}

func writePatient(w *writer, id string, m members, zone *time.Location) {
	w.identifier(Federation, id)
	writeActive(w, m)
	writeName(w, m)
	w.code("gender", genders[m.text("gender")])
	w.code("birthDate", realDate(m.text("dob")))
	writeDeath(w, m, zone)
	writeMaritalStatus(w, m.text("marital_status"))
}

// writeActive appends whether the person is active: one of whom nothing is said is.
func writeActive(w *writer, m members) {
	active, isBool := record.Bool(m["active"])
	if isBool || record.IsNull(m["active"]) {
		w.bool("active", active || !isBool)
	}
}

func writeName(w *writer, m members) {
	given, family := m.text("name"), m.text("lastname")
	w.list("name", func() {
		w.object("", func() {
			w.text("text", given+" "+family)
			w.text("family", family)
			w.list("given", func() { w.text("", given) })
		})
	})
}

// dateForm is a date, or a part of one, whose unknown month or day may be 00, before a time of day.
var dateForm = regexp.MustCompile(`^(\d{4}(?:-\d\d)?(?:-\d\d)?)(?:[T ].*)?$`)

// realDate gives the date that a text has, or as much of it as is known; "" if it has none.
func realDate(text string) string {
	parts := dateForm.FindStringSubmatch(text)
	if parts == nil {
		return ""
	}

	date := strings.TrimSuffix(strings.TrimSuffix(parts[1], "-00"), "-00")
	t, err := time.Parse(time.DateOnly[:len(date)], date)
	if err != nil || t.Year() < 1 {
		return ""
	}
	return date
}

// writeDeath appends when the person died, or whether. A record that calls a person alive and has the day
// of death says no more than the first.
func writeDeath(w *writer, m members, zone *time.Location) {
	deceased, isBool := record.Bool(m["deceased"])
	died := timeOfDeath(m.text("dod"), zone)
	switch {
	case died != "" && (deceased || !isBool):
		w.code("deceasedDateTime", died)
	case isBool:
		w.bool("deceasedBoolean", deceased)
	}
}

func timeOfDeath(text string, zone *time.Location) string {
	date, ok := record.ReadPageDate(text)
	if !ok {
		return realDate(text)
	}
	return newMoment(date, zone).when
}

func writeMaritalStatus(w *writer, status string) {
	if coding, known := maritalStatuses[strings.ToLower(strings.TrimSpace(status))]; known {
		w.concept("maritalStatus", []Coding{coding}, status)
		return
	}
	w.concept("maritalStatus", nil, status)
}

func writeLinks(w *writer, linked []string) {
	for _, id := range linked {
		w.object("", func() {
			w.reference("other", "Patient/"+ID(id))
			w.code("type", "seealso")
		})
	}
}
