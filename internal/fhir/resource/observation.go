// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"

	"thalamus/internal/measurement"
)

// observation is what one observation says besides what all of a page say.
type observation struct {
	id         string
	categories []Coding
	codes      []Coding
	text       string          // of what is observed
	used       string          // text of the page that is the value
	value      func(w *writer) // writes the value, or why there is none
	read       reading         // what was read; zero of what could not be, and of words
	notes      []string        // besides those of the page
	shortNotes bool            // of the page's notes only short ones, for another observation has them all
}

// reading is a value that was read, or those of a panel.
type reading struct {
	kind   *measurement.Kind
	values []string
	unit   string
}

// maxRepeated is a limit of the bytes of notes that every measurement of a page carries: longer ones, on
// the first only.
const maxRepeated = 1000

// Observations gives what was measured: each value is an observation, but for those of a panel. A page
// of which nothing else is made is an observation itself.
func (p *Page) Observations() (all []Resource) {
	for _, o := range p.observed() {
		o.shortNotes = len(all) > 0
		all = append(all, p.observe(o))
	}
	if len(all) > 0 || p.isCondition() || p.isImmunization() || p.procedure.told() {
		return all
	}
	return []Resource{p.observe(p.told())}
}

// observed gives what was measured, and what could not be read of it.
func (p *Page) observed() (all []observation) {
	for _, reading := range p.measurements.Readings {
		all = append(all, p.readings(reading)...)
	}
	for _, reading := range p.measurements.OtherUnits {
		all = append(all, p.inOtherUnits(reading)...)
	}
	for _, other := range p.measurements.Others {
		all = append(all, observation{id: p.place(other.Element, other.Path), text: other.Path, value: func(w *writer) { w.text("valueString", other.Value) }})
	}
	for _, unread := range p.measurements.Unreadable {
		all = append(all, p.unreadable(unread))
	}
	return all
}

func (p *Page) place(element int, path string) string { return observationID(p.id, element, path) }

// readings gives the observations of a reading: one of a panel, else one of each value.
func (p *Page) readings(r measurement.Reading) (all []observation) {
	known := kinds[r.Kind]
	if known.codes != nil {
		value := func(w *writer) { known.writeComponents(w, r.Values) }
		return []observation{{
			id: p.place(r.Element, r.Kind.Key), categories: known.category, codes: known.codes, text: known.text, value: value,
			read: reading{r.Kind, r.Values, known.parts[0].unit},
		}}
	}

	for i, value := range r.Values {
		if value == "" {
			continue
		}
		q, words := known.parts[i], r.Kind.Parts[i].Words
		write := func(w *writer) { q.write(w, value, words) }
		all = append(all, observation{
			id: p.place(r.Element, r.Kind.Path(i)), categories: known.category, codes: q.codes, text: q.text, value: write,
			read: reading{r.Kind, r.Values[i : i+1], q.unit},
		})
	}
	return all
}

// inOtherUnits gives the values of a reading with the units that they were sent in. The codes of its
// kind are those of the kind's own unit.
func (p *Page) inOtherUnits(r measurement.Reading) (all []observation) {
	for i, value := range r.Values {
		if value == "" {
			continue
		}
		q := quantity{text: kinds[r.Kind].parts[i].text, unit: clean(r.Unit(i))}
		all = append(all, observation{id: p.place(r.Element, r.Kind.Path(i)), text: q.text, value: func(w *writer) { q.write(w, value, r.Kind.Parts[i].Words) }})
	}
	return all
}

// unreadable gives a measurement that cannot be read: marked as one without a value, with its text as it
// was sent.
func (p *Page) unreadable(t measurement.Text) observation {
	return observation{
		id: p.place(t.Element, t.Path), text: t.Path, notes: []string{t.Value},
		value: func(w *writer) { w.absent("error", "This could not be read. The note has it as it was sent.") },
	}
}

// told gives what a page says with its words only.
func (p *Page) told() observation {
	value := cmp.Or(clean(p.summary), clean(p.info))
	return observation{
		id: p.id, categories: socialHistory, text: cmp.Or(clean(p.context), clean(p.pageType), "page of life"), used: value,
		value: func(w *writer) { w.text("valueString", value) },
	}
}

// observe gives an observation of the page.
func (p *Page) observe(o observation) Resource {
	return Resource{
		Type: "Observation", ID: o.id, Codes: o.codes, Categories: o.categories, When: p.Period, from: p.Record, source: p.source,
		fill: func(w *writer) { p.writeObservation(w, o) },
	}
}

func (p *Page) writeObservation(w *writer, o observation) {
	w.identifier(pageSystem, p.ID)
	w.code("status", "final")
	w.concepts("category", o.categories)
	w.concept("code", o.codes, o.text)
	p.subject(w, "subject")
	p.writeWhen(w, "effectiveDateTime")
	w.list("performer", func() { p.writeAuthor(w, "") })
	o.value(w)
	w.list("note", func() { p.writeObservationNotes(w, o) })
}

// writeWhen appends when the page happened, or that this is unknown, which has to be said of vital signs and, in
// summaries, of procedures. It is said of all.
func (p *Page) writeWhen(w *writer, key string) {
	if p.when == "" {
		w.unknown(key)
		return
	}
	w.code(key, p.when)
}

func (p *Page) writeObservationNotes(w *writer, o observation) {
	w.notes(o.notes)
	notes := p.notes(o.used)
	if o.shortNotes && length(notes) > maxRepeated {
		return
	}
	w.notes(notes)
}

func length(texts []string) (n int) {
	for _, text := range texts {
		n += len(text)
	}
	return n
}
