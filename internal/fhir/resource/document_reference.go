// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"
	"mime"
	"strconv"
	"time"
)

// Document is a document of a person.
type Document struct {
	Record
	Person, Page string
	Size         int64  // bytes; negative: there are none
	URL          string // of the bytes
}

// DocumentReference gives a document. Our hash of the bytes is not FHIR's, which is SHA-1, and so left out.
func DocumentReference(d Document) Resource {
	m := membersOf(d.Data)
	kind, category := localCode(m.text("type")), localCode(m.text("context"))
	made := Resource{Type: "DocumentReference", ID: ID(d.ID), Codes: kind, Categories: category, from: &origin{Record: d.Record}, fill: func(w *writer) {
		w.identifier(documentSystem, d.ID)
		w.code("status", "current")
		w.concept("type", kind, m.text("type"))
		w.list("category", func() { w.concept("", category, m.text("context")) })
		w.reference("subject", "Patient/"+ID(d.Person))
		w.instant("date", d.Changed)
		w.text("description", m.text("description"))
		d.writeContent(w, m)
		d.writeContext(w)
	}}
	if !d.Changed.IsZero() {
		made.When = Period{d.Changed, d.Changed.Add(time.Microsecond)}
	}
	return made
}

func (d Document) writeContent(w *writer, m members) {
	w.list("content", func() {
		w.object("", func() {
			w.object("attachment", func() {
				w.code("contentType", mediaType(m.text("content_type")))
				if d.Size >= 0 {
					w.code("url", d.URL)
					w.number("size", strconv.FormatInt(d.Size, 10))
				}
				w.text("title", cmp.Or(clean(m.text("filename")), d.ID))
			})
		})
	})
}

// writeContext tells the page that the document hangs on.
func (d Document) writeContext(w *writer) {
	w.object("context", func() {
		w.list("related", func() {
			w.object("", func() {
				w.object("identifier", func() { w.identify(pageSystem, d.Page) })
			})
		})
	})
}

// mediaType is a media type that can be one; "" else.
func mediaType(text string) string {
	name, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		return ""
	}
	return mime.FormatMediaType(name, parameters)
}
