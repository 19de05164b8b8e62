// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"slices"
	"strings"
	"time"
)

// Summary is what a doctor elsewhere has to know of a person: an International Patient Summary. Of each problem,
// vaccine, procedure and value it has the newest page. What nobody has told, such as that there are no
// allergies, it does not say.
type Summary struct {
	Sections  []*Section
	Emergency bool // the reader has opened the book in one

	person  Record
	members members
	zone    *time.Location
	bytes   int

	observed []observation // of the page that is added
}

// maxSummary is a limit of the bytes of a summary. It ends before the oldest items that are more.
const maxSummary = 8 << 20

// Section is a part of a summary.
type Section struct {
	Name  string // of it among all: problems
	Items []Item // the newest first
	Cut   bool   // older items are left out

	topic *topic
	seen  map[string]bool // keys of the items
}

// Item is one thing that a section tells.
type Item struct {
	Text   string   // a problem, a vaccine, what was measured
	Code   string   // "" where there is none
	Value  string   // of a measurement, with its unit
	When   string   // a date, or a part of one; "": unknown
	Words  []string // which the page has besides
	Kind   string   // name of the kind of a measurement; "" of anything else
	target string   // of a reference: Condition/1; "" of what is told with words only
	json   []byte   // of the resource
}

// candidate is an item that a page has for a section. There is one for each key: of the others, which are
// older, nothing is made.
type candidate struct {
	key      string
	item     func() Item
	resource func() Resource // nil: the item is told with words only
}

// NewSummary makes the summary of a person without pages. Times without a zone are in this one.
func NewSummary(person Record, zone *time.Location) *Summary {
	s := &Summary{person: person, members: membersOf(person.Data), zone: zone}
	for i := range topics {
		s.Sections = append(s.Sections, &Section{Name: topics[i].name, topic: &topics[i], seen: map[string]bool{}})
	}
	return s
}

// Born is the birth date, or as much of it as is known.
func (s *Summary) Born() string { return realDate(s.members.text("dob")) }

// Name is the name of the person; "" if there is none.
func (s *Summary) Name() string {
	return clean(s.members.text("name") + " " + s.members.text("lastname"))
}

// Gender is the word of the federation.
func (s *Summary) Gender() string { return s.members.text("gender") }

// ID is that of the person.
func (s *Summary) ID() string { return s.person.ID }

// Bytes is about how much memory the summary has.
func (s *Summary) Bytes() int { return s.bytes }

// Section gives the section of a name.
func (s *Summary) Section(name string) *Section {
	return s.Sections[slices.IndexFunc(s.Sections, func(one *Section) bool { return one.Name == name })]
}

// Add takes what a page tells. Pages come the newest first.
func (s *Summary) Add(p *Page) {
	s.observed = p.observed()
	for _, section := range s.Sections {
		for _, c := range section.topic.of(s, p) {
			s.take(section, c)
		}
	}
}

func (s *Summary) take(section *Section, c candidate) {
	if section.seen[c.key] {
		return
	}
	section.seen[c.key] = true

	item := c.item()
	if c.resource != nil {
		made := c.resource()
		item.target, item.json = made.Type+"/"+made.ID, made.JSON(nil)
	}

	size := item.size()
	if s.bytes+size > maxSummary {
		section.Cut = true
		return
	}
	s.bytes += size
	section.Items = append(section.Items, item)
}

// size is about how many bytes an item has.
func (i Item) size() int {
	const rest = 200
	return rest + len(i.Text) + len(i.Code) + len(i.Value) + length(i.Words) + len(i.json)
}

// day is the day of a dateTime, or as much of it as there is.
func day(when string) string { return when[:min(len(when), len(time.DateOnly))] }

// keyOf is the same for what is one thing to people: by its code, or else by its text.
func keyOf(codes []Coding, text string) string {
	if len(codes) > 0 {
		return codes[0].System + "|" + plainCode(codes[0].Code)
	}
	return strings.ToLower(text)
}

// plainCode is a code of ICD-10 without its dot.
func plainCode(code string) string { return strings.ReplaceAll(strings.TrimSpace(code), ".", "") }

// isEmpty reports whether nothing is told.
func (s *Section) isEmpty() bool { return len(s.Items) == 0 }
