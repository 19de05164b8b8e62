// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"thalamus/internal/measurement"
	"thalamus/internal/record"
)

// Page is a page of life, of which several resources are made.
type Page struct {
	origin
	person  string // whose book it is
	patient string // reference to the person of the book
	id      string // FHIR id of what is made of the page as a whole

	moment
	summary, info, date   string
	pageType, context     string
	contexts              []member
	medical               bool
	condition, procedure  coded
	author, authorAccount string
	others                []string // members without a place of their own, with their keys
	measured              []byte
	measurements          measurement.Page

	identified, circumstances, noted fragment // of its observations
}

// member is a member of a record, as a text.
type member struct{ key, text string }

// Resources gives all that is made of the page.
func (p *Page) Resources() []Resource {
	return slices.Concat(p.Conditions(), p.Immunizations(), p.Procedures(), p.Observations())
}

// coded is something that a page tells with a text and a code.
type coded struct{ text, code string }

func (c coded) told() bool { return c != coded{} }

// shown is what people are shown of it; "" if that is nothing.
func (c coded) shown() string { return cmp.Or(clean(c.text), clean(c.code)) }

// name is the text, or what stands where a code belongs and is none.
func (c coded) name(codes []Coding) string {
	if codes == nil {
		return cmp.Or(clean(c.text), c.code)
	}
	return c.text
}

// maxMeasurements is a limit of the bytes of a page's measurements. Longer ones are carried as text.
const maxMeasurements = 16 << 10

// ReadPage reads a page of this person's book, of either schema. Its times without a zone are
// in this one.
func ReadPage(person string, stored Record, zone *time.Location) *Page {
	p := &Page{origin: origin{Record: stored}, person: person, patient: "Patient/" + ID(person), id: PageID(stored.ID)}
	record.Members(stored.Data, p.readMember)

	p.readContext()
	p.medical = p.pageType == "medical" || p.pageType == "" && p.contextAt("medical_context") != ""
	p.readMeasurements()
	p.readDate(zone)
	return p
}

func (p *Page) readMember(key, value []byte) {
	if field := p.field(string(key)); field != nil {
		*field = memberText(value)
		return
	}

	switch string(key) {
	case "page_type", "domain": // as hospitals and phones write it
		p.pageType = cmp.Or(p.pageType, memberText(value))
	case "node":
		p.readNode(memberText(value))
	case "measurements":
		p.measured = value
	case "id", "book", "page", "age", "relevance", "privacy", "fsynced", "active", "creation_info", "modification_info":
	default:
		p.readOther(string(key), memberText(value))
	}
}

// field gives where the text of a member is kept as it is; nil: it is read otherwise.
func (p *Page) field(key string) *string {
	switch key {
	case "summary":
		return &p.summary
	case "info":
		return &p.info
	case "page_date":
		return &p.date
	case "health_condition_text":
		return &p.condition.text
	case "health_condition_code":
		return &p.condition.code
	case "procedure_text":
		return &p.procedure.text
	case "procedure_code":
		return &p.procedure.code
	case "author":
		return &p.author
	case "author_acct":
		return &p.authorAccount
	}
	return nil
}

func (p *Page) readOther(key, text string) {
	if key == "context" || strings.HasSuffix(key, "_context") {
		p.contexts = append(p.contexts, member{key, text})
		return
	}
	p.addOther(key, text)
}

func (p *Page) readNode(node string) {
	if node != "" {
		p.source = "urn:gnuhealth:node:" + url.PathEscape(node)
	}
}

// readContext takes the context of the page; others that it has are carried as text.
func (p *Page) readContext() {
	p.context = cmp.Or(p.contextAt("medical_context"), p.contextAt("social_context"), p.contextAt("context"))
	slices.SortFunc(p.contexts, func(a, b member) int { return strings.Compare(a.key, b.key) })
	for _, c := range p.contexts {
		if c.text != p.context {
			p.addOther(c.key, c.text)
		}
	}
}

// contextAt is the context at a key; "" if there is none.
func (p *Page) contextAt(key string) string {
	for _, c := range p.contexts {
		if c.key == key {
			return c.text
		}
	}
	return ""
}

func (p *Page) addOther(key, text string) {
	if text != "" {
		p.others = append(p.others, key+": "+text)
	}
}

// readDate reads when the page happened. A date that cannot be read is carried as text.
func (p *Page) readDate(zone *time.Location) {
	if p.measurements.Dated {
		p.moment = newMoment(p.measurements.Date, zone)
	}
	if p.when == "" {
		p.addOther("page_date", p.date)
	}
}

func (p *Page) readMeasurements() {
	if len(p.measured) <= maxMeasurements {
		p.measurements = measurement.Read(p.date, p.measured)
		return
	}

	p.measurements = measurement.Read(p.date, nil)
	whole := measurement.Text{Element: measurement.All, Path: "measurements", Value: memberText(p.measured)}
	p.measurements.Unreadable = append(p.measurements.Unreadable, whole)
}

func (p *Page) subject(w *writer, key string) { w.reference(key, p.patient) }

// make is a resource of the page as a whole.
func (p *Page) make(kind string, fill func(w *writer)) Resource {
	return Resource{Type: kind, ID: p.id, When: p.Period, from: &p.origin, fill: func(w *writer) {
		w.identifier(pageSystem, p.ID)
		fill(w)
	}}
}

// writeAuthor appends the author of the page: a person here, who may be known as a patient only if it is
// the one of the book.
func (p *Page) writeAuthor(w *writer, key string) {
	w.object(key, func() {
		if p.authorAccount == p.person && p.person != "" {
			w.code("reference", p.patient)
		} else if clean(p.authorAccount) != "" {
			w.object("identifier", func() { w.identify(Federation, p.authorAccount) })
		}
		w.text("display", p.author)
	})
}

// notes are what the page says besides what a resource is made of, of which used is its main text.
func (p *Page) notes(used string) []string {
	notes := []string{p.summary, p.info}
	if !p.isCondition() {
		notes = append(notes, p.condition.notes("health_condition")...)
	}
	notes = append(notes, p.others...)
	return slices.DeleteFunc(notes, func(note string) bool { return clean(note) == used })
}

// notes are the members of what is coded.
func (c coded) notes(name string) (notes []string) {
	if c.text != "" {
		notes = append(notes, name+"_text: "+c.text)
	}
	if c.code != "" {
		notes = append(notes, name+"_code: "+c.code)
	}
	return notes
}

func (p *Page) writeNotes(w *writer, used string) {
	w.list("note", func() { w.notes(p.notes(used)) })
}

// notes appends Annotations.
func (w *writer) notes(notes []string) {
	for _, note := range notes {
		w.object("", func() { w.text("text", note) })
	}
}
