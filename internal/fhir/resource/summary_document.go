// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import "time"

// SummaryDocument is a summary as a document of its own.
type SummaryDocument struct {
	Base     string    // absolute URL of the face, with a slash
	Version  string    // of the program that is the author
	Made     time.Time // zone included
	Document string    // UUIDs: of the document,
	Composed string    // of its Composition,
	Author   string    // and of the Device
}

const (
	ipsProfiles = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
	urnUUID     = "urn:uuid:"
)

var (
	patientSummary = []Coding{{loinc, "60591-5", "Patient summary Document"}}
	unavailable    = []Coding{{listEmptyReason, "unavailable", "Unavailable"}}
)

// JSON gives the Bundle. Its Composition refers to absolute addresses, which the entries have.
func (s *Summary) JSON(d SummaryDocument) []byte {
	w := &writer{make([]byte, 0, 2*s.bytes+maxRepeated)}
	w.object("", func() {
		w.code("resourceType", "Bundle")
		w.object("meta", func() {
			w.list("profile", func() { w.code("", ipsProfiles+"Bundle-uv-ips") })
			w.labelEmergency(s.Emergency)
		})
		w.object("identifier", func() { w.identify("urn:ietf:rfc:3986", urnUUID+d.Document) })
		w.code("type", "document")
		w.instant("timestamp", d.Made)
		w.list("entry", func() { s.writeEntries(w, d) })
	})
	return w.json
}

func (w *writer) profile(name string) {
	w.object("meta", func() {
		w.list("profile", func() { w.code("", ipsProfiles+name) })
	})
}

func (s *Summary) writeEntries(w *writer, d SummaryDocument) {
	w.entry(urnUUID+d.Composed, s.composition(d))
	w.entry(d.Base+"Patient/"+ID(s.person.ID), s.patient().JSON(nil))
	w.entry(urnUUID+d.Author, d.device())

	given := map[string]bool{}
	for _, section := range s.Sections {
		for _, item := range section.Items {
			if item.target == "" || given[item.target] {
				continue
			}
			given[item.target] = true
			w.entry(d.Base+item.target, item.json)
		}
	}
}

func (w *writer) entry(fullURL string, resource []byte) {
	w.object("", func() {
		w.code("fullUrl", fullURL)
		w.name("resource")
		w.json = append(w.json, resource...)
	})
}

// patient is the person without other records, which are not in the document, and with a name and a birth date
// that are at least said to be unknown.
func (s *Summary) patient() Resource {
	return patient(s.person, func(w *writer) {
		writePatient(w, s.person.ID, s.members, s.zone)
		if clean(s.members.text("name")+s.members.text("lastname")) == "" {
			w.list("name", func() {
				w.object("", func() { w.unknown("text") })
			})
		}
		if realDate(s.members.text("dob")) == "" {
			w.unknown("birthDate")
		}
	})
}

// device is the hub, which is the author.
func (d SummaryDocument) device() []byte {
	w := &writer{}
	w.object("", func() {
		w.code("resourceType", "Device")
		w.code("id", d.Author)
		w.list("deviceName", func() {
			w.object("", func() {
				w.code("name", "Thalamus, hub of a GNU Health federation")
				w.code("type", "user-friendly-name")
			})
		})
		w.list("version", func() {
			w.object("", func() { w.text("value", d.Version) })
		})
	})
	return w.json
}

func (s *Summary) composition(d SummaryDocument) []byte {
	w := &writer{}
	w.object("", func() {
		w.code("resourceType", "Composition")
		w.code("id", d.Composed)
		w.profile("Composition-uv-ips")
		w.code("status", "final")
		w.concept("type", patientSummary, "")
		w.reference("subject", d.Base+"Patient/"+ID(s.person.ID))
		w.instant("date", d.Made)
		w.list("author", func() { w.reference("", urnUUID+d.Author) })
		w.code("title", "International Patient Summary")
		w.list("section", func() {
			for _, section := range s.Sections {
				section.write(w, d.Base)
			}
		})
	})
	return w.json
}

// write appends the section, unless it is an optional one of which nothing is told.
func (s *Section) write(w *writer, base string) {
	if s.isEmpty() && !s.Cut && !s.topic.required {
		return
	}

	w.object("", func() {
		w.code("title", s.topic.title)
		w.concept("code", []Coding{s.topic.code}, "")
		w.object("text", func() { s.writeNarrative(w) })
		if s.topic.required && !s.hasEntries() {
			w.concept("emptyReason", unavailable, "")
		}
		w.list("entry", func() {
			for _, item := range s.Items {
				if item.target != "" {
					w.reference("", base+item.target)
				}
			}
		})
	})
}

func (s *Section) hasEntries() bool {
	for _, item := range s.Items {
		if item.target != "" {
			return true
		}
	}
	return false
}
