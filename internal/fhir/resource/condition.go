// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "slices"

// encounterDiagnosis is what every Condition here is: a page says what happened, not what lasts.
var encounterDiagnosis = []Coding{{System: conditionCategory, Code: "encounter-diagnosis"}}

// Conditions gives the problem that a page tells of: in the contexts of one only, for a birth, say, has a code
// of the delivery, which is no problem of the child. It has no clinicalStatus.
func (p *Page) Conditions() []Resource {
	if !p.isCondition() {
		return nil
	}

	codes := codingOf(p.condition.code, icd10, icd10Form)
	made := p.make("Condition", func(w *writer) {
		w.concepts("category", encounterDiagnosis)
		w.concept("code", codes, p.condition.name(codes))
		p.subject(w, "subject")
		w.code("recordedDate", p.when)
		p.writeAuthor(w, "recorder")
		p.writeNotes(w, clean(p.condition.text))
	})
	made.Codes, made.Categories = codes, encounterDiagnosis
	return []Resource{made}
}

func (p *Page) isCondition() bool {
	return p.medical && p.condition.told() && slices.Contains([]string{"health_condition", "encounter"}, p.context)
}
