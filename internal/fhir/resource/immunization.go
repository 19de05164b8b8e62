// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "cmp"

// Immunizations gives the vaccination that a page tells of.
func (p *Page) Immunizations() []Resource {
	if !p.isImmunization() {
		return nil
	}

	text := p.vaccine()
	made := p.make("Immunization", func(w *writer) {
		w.code("status", "completed")
		p.writeVaccine(w, text)
		p.subject(w, "patient")
		p.writeOccurrence(w)
		w.list("performer", func() {
			w.object("", func() { p.writeAuthor(w, "actor") })
		})
		p.writeNotes(w, text)
	})
	return []Resource{made}
}

func (p *Page) isImmunization() bool { return p.medical && p.context == "immunization" }

// vaccine is what the page calls it; "" if it does not.
func (p *Page) vaccine() string { return cmp.Or(clean(p.summary), clean(p.procedure.text)) }

// writeVaccine appends the vaccine, of which there has to be something.
func (p *Page) writeVaccine(w *writer, text string) {
	if text == "" {
		w.concept("vaccineCode", []Coding{{System: dataAbsentReason, Code: absentReasonUnknown}}, "not told")
		return
	}
	w.concept("vaccineCode", nil, text)
}

// writeOccurrence appends the time, of which there has to be something.
func (p *Page) writeOccurrence(w *writer) {
	if p.when == "" {
		w.text("occurrenceString", cmp.Or(clean(p.date), absentReasonUnknown))
		return
	}
	w.code("occurrenceDateTime", p.when)
}
