// SPDX-License-Identifier: GPL-3.0-or-later

package resource

// Procedures gives the procedure that a page tells of.
func (p *Page) Procedures() []Resource {
	if !p.procedure.told() {
		return nil
	}

	codes := codingOf(p.procedure.code, icd10PCS, icd10PCSForm)
	made := p.make("Procedure", func(w *writer) {
		w.code("status", "completed")
		w.concept("code", codes, p.procedure.name(codes))
		p.subject(w, "subject")
		p.writeWhen(w, "performedDateTime")
		w.list("performer", func() {
			w.object("", func() { p.writeAuthor(w, "actor") })
		})
		p.writeNotes(w, clean(p.procedure.text))
	})
	made.Codes = codes
	return []Resource{made}
}
