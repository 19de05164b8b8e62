// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"

	"thalamus/internal/measurement"
)

// observation is what one observation says besides what all of a page say.
type observation struct {
	id    string
	of    *observable
	used  string          // text of the page that is the value
	value func(w *writer) // writes the value, or why there is none
	read  reading         // what was read; zero of what could not be, and of words
	notes []string        // besides those of the page
	bare  bool            // without the page's notes, for another observation has them
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
func (p *Page) Observations() []Resource {
	observed := p.observed()
	if len(observed) == 0 && !p.isCondition() && !p.isImmunization() && !p.procedure.told() {
		observed = []observation{p.told()}
	}

	all := make([]Resource, len(observed))
	bare := len(observed) > 1 && length(p.notes("")) > maxRepeated
	for i := range observed {
		observed[i].bare = bare && i > 0
		all[i] = p.observe(&observed[i])
	}
	return all
}

// observed gives what was measured, and what could not be read of it.
func (p *Page) observed() []observation {
	m := &p.measurements
	all := make([]observation, 0, len(m.Readings)+len(m.OtherUnits)+len(m.Others)+len(m.Unreadable))
	for _, reading := range m.Readings {
		all = p.appendReading(all, reading)
	}
	for _, reading := range m.OtherUnits {
		all = p.appendInOtherUnits(all, reading)
	}
	for _, other := range m.Others {
		all = append(all, p.observation(other, func(w *writer) { w.text("valueString", other.Value) }))
	}
	for _, unread := range m.Unreadable {
		all = append(all, p.unreadable(unread))
	}
	return all
}

func (p *Page) place(element int, path string) string { return observationID(p.id, element, path) }

// appendReading appends the observations of a reading: one of a panel, else one of each value.
func (p *Page) appendReading(all []observation, r measurement.Reading) []observation {
	known := kinds[r.Kind]
	if known.panel != nil {
		value := func(w *writer) { known.writeComponents(w, r.Values) }
		return append(all, observation{
			id: p.place(r.Element, r.Kind.Key), of: known.panel, value: value, read: reading{r.Kind, r.Values, known.parts[0].unit},
		})
	}

	for i, value := range r.Values {
		if value == "" {
			continue
		}
		of, words := known.values[i], r.Kind.Parts[i].Words
		write := func(w *writer) { of.writeValue(w, value, words) }
		all = append(all, observation{
			id: p.place(r.Element, r.Kind.Path(i)), of: of, value: write, read: reading{r.Kind, r.Values[i : i+1], of.unit},
		})
	}
	return all
}

// appendInOtherUnits appends the values of a reading with the units that they were sent in. The codes of its
// kind are those of the kind's own unit.
func (p *Page) appendInOtherUnits(all []observation, r measurement.Reading) []observation {
	for i, value := range r.Values {
		if value == "" {
			continue
		}
		of := newObservable(nil, quantity{text: kinds[r.Kind].parts[i].text, unit: clean(r.Unit(i))})
		write := func(w *writer) { of.writeValue(w, value, r.Kind.Parts[i].Words) }
		all = append(all, observation{id: p.place(r.Element, r.Kind.Path(i)), of: of, value: write})
	}
	return all
}

// observation gives one of something that is called by where it stands.
func (p *Page) observation(t measurement.Text, value func(w *writer)) observation {
	return observation{id: p.place(t.Element, t.Path), of: newObservable(nil, quantity{text: t.Path}), value: value}
}

// unreadable gives a measurement that cannot be read: marked as one without a value, with its text as it
// was sent.
func (p *Page) unreadable(t measurement.Text) observation {
	o := p.observation(t, func(w *writer) { w.absent("error", "This could not be read. The note has it as it was sent.") })
	o.notes = []string{t.Value}
	return o
}

// told gives what a page says with its words only.
func (p *Page) told() observation {
	value := cmp.Or(clean(p.summary), clean(p.info))
	title := cmp.Or(clean(p.context), clean(p.pageType), "page of life")
	return observation{
		id: p.id, of: newObservable(socialHistory, quantity{text: title}), used: value,
		value: func(w *writer) { w.text("valueString", value) },
	}
}

// observe gives an observation of the page.
func (p *Page) observe(o *observation) Resource {
	return Resource{
		Type: "Observation", ID: o.id, Codes: o.of.codes, Categories: o.of.categories, When: p.Period, from: &p.origin,
		fill: func(w *writer) { p.writeObservation(w, o) },
	}
}

func (p *Page) writeObservation(w *writer, o *observation) {
	w.once(&p.identified, func() {
		w.identifier(pageSystem, p.ID)
		w.code("status", "final")
	})
	w.fragment(o.of.code)
	w.once(&p.circumstances, func() {
		p.subject(w, "subject")
		p.writeWhen(w, "effectiveDateTime")
		w.list("performer", func() { p.writeAuthor(w, "") })
	})
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

func (p *Page) writeObservationNotes(w *writer, o *observation) {
	w.notes(o.notes)
	if !o.bare {
		w.once(&p.noted, func() { w.notes(p.notes(o.used)) })
	}
}

func length(texts []string) (n int) {
	for _, text := range texts {
		n += len(text)
	}
	return n
}
