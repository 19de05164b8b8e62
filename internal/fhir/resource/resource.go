// SPDX-License-Identifier: GPL-3.0-or-later

// Package resource maps records of the federation to resources of FHIR R4: it is pure. What a
// record says is carried as it is, with every digit of a number; what cannot be read is carried as text and
// said to be so. Nothing is guessed.
package resource

import (
	"time"

	"thalamus/internal/fed"
)

// Record is a record as it is stored.
type Record struct {
	ID      string
	Version int64     // 0: not known
	Changed time.Time // when it came to have that version; zero: not known
	Data    fed.Record
}

// Resource is a resource with what a search compares.
type Resource struct {
	Type       string
	ID         string
	Codes      []Coding
	Categories []Coding
	When       Period // zero: at no known time

	from *origin
	fill func(w *writer) // writes all but the type, the id and the meta
}

// origin is the record that resources are made of.
type origin struct {
	Record
	source    string   // a URI of where the record comes from; "": not told
	emergency bool     // the reader is given it in one
	meta      fragment // of all of them
}

// Changed is when the record came to have the version; zero: that is not known.
func (r Resource) Changed() time.Time { return r.from.Changed }

// InEmergency labels a resource of a person's book, and all others that are made of the same record: the reader has opened
// the book in an emergency.
func (r Resource) InEmergency() Resource {
	r.from.emergency = true
	return r
}

// JSON appends the resource as a JSON object.
func (r Resource) JSON(b []byte) []byte {
	w := writer{b}
	w.object("", func() {
		w.code("resourceType", r.Type)
		w.code("id", r.ID)
		w.once(&r.from.meta, func() { r.from.writeMeta(&w) })
		r.fill(&w)
	})
	return w.json
}

// Time is the format of an instant.
const Time = "2006-01-02T15:04:05.999999Z07:00"

func (o *origin) writeMeta(w *writer) {
	w.object("meta", func() {
		if o.Version > 0 {
			w.integer("versionId", o.Version)
		}
		w.instant("lastUpdated", o.Changed)
		w.code("source", o.source)
		w.labelEmergency(o.emergency)
	})
}

// labelEmergency appends the label of what is given in an emergency.
func (w *writer) labelEmergency(is bool) {
	if is {
		w.list("security", func() { w.coding(Coding{actReason, fed.EmergencyTreatment, "Emergency Treatment"}) })
	}
}
