// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"
	"slices"
	"strings"
)

// topic says what a section of a summary is about.
type topic struct {
	name     string
	code     Coding // of LOINC
	title    string
	of       func(*Summary, *Page) []candidate
	measured []Coding // category of the measurements that are in it; nil: none are
	required bool     // it is there even if nothing is told
	unlisted string   // what a required section says where the hub has no list of such things
	note     string   // about all items
}

// topics are the sections of a summary in their order, the required ones first.
var topics = []topic{
	{
		name: "problems", code: Coding{loinc, "11450-4", "Problem list - Reported"}, title: "Problems", of: problemsOf,
		required: true, unlisted: "No problems are recorded here. That does not mean that there are none.",
		note: "Each with the last page that tells of it. When it began and whether it lasts is not recorded.",
	},
	{
		name: "allergies", code: Coding{loinc, "48765-2", "Allergies and adverse reactions Document"}, title: "Allergies and intolerances", of: allergiesOf,
		required: true, unlisted: "There is no list of allergies here. Whether there are any is unknown.",
		note: "There is no list of allergies here. These are pages with a code of an allergy, and some may deny one. Whether there are others is unknown.",
	},
	{
		name: "medications", code: Coding{loinc, "10160-0", "History of Medication use Narrative"}, title: "Medications", of: medicationsOf,
		required: true, unlisted: "There is no list of medications here. Whether any are taken is unknown.",
		note: "There is no list of medications here. These were prescribed on their dates. Whether they, or others, are still taken is unknown.",
	},
	{name: "immunizations", code: Coding{loinc, "11369-6", "History of Immunization Narrative"}, title: "Immunizations", of: immunizationsOf},
	{name: "results", code: Coding{loinc, "30954-2", "Relevant diagnostic tests/laboratory data Narrative"}, title: "Results", of: resultsOf, measured: laboratory},
	{name: "procedures", code: Coding{loinc, "47519-4", "History of Procedures Document"}, title: "Procedures", of: proceduresOf},
	{name: "pregnancies", code: Coding{loinc, "10162-6", "History of pregnancies Narrative"}, title: "Pregnancies and births", of: pregnanciesOf},
	{name: "vital_signs", code: Coding{loinc, "8716-3", "Vital signs note"}, title: "Vital signs", of: vitalSignsOf, measured: vitalSigns},
}

// problemsOf gives the condition of a page, unless it has another section or is a contact only. One that a page of
// another context tells of, such as a result, has no resource.
func problemsOf(_ *Summary, p *Page) []candidate {
	code := p.condition.code
	if !p.tellsCondition() || noProblems.have(code) || deliveries.have(code) || allergyStatuses.have(code) {
		return nil
	}

	one := p.conditionItem()
	if conditions := p.Conditions(); len(conditions) > 0 {
		one.resource = func() Resource { return conditions[0] }
	}
	return []candidate{one}
}

// tellsCondition reports whether a page tells of a condition that its person has or had.
func (p *Page) tellsCondition() bool {
	contexts := []string{"genetics", "hospitalization", "surgery", "procedure", "prescription", "lab", "dx_imaging"}
	return p.condition.shown() != "" && (p.isCondition() || p.medical && slices.Contains(contexts, p.context))
}

func (p *Page) conditionItem() candidate {
	codes, name := codingOf(p.condition.code, icd10, icd10Form), p.condition.shown()
	return candidate{key: keyOf(codes, name), item: func() Item { return p.item(name, codes) }}
}

// item tells of something that a page has.
func (p *Page) item(text string, codes []Coding) Item {
	i := Item{Text: text, When: day(p.when), Words: p.words(text)}
	if len(codes) > 0 && codes[0].Code != text {
		i.Code = codes[0].Code
	}
	return i
}

// words are the notes that say more than a text does.
func (p *Page) words(text string) []string {
	var said []string
	if text == p.condition.shown() {
		said = p.condition.notes("health_condition")
	}
	return slices.DeleteFunc(p.notes(text), func(note string) bool { return clean(note) == "" || slices.Contains(said, note) })
}

// allergiesOf gives what a page says of an allergy, its own words first: the code of one can stand on a page that
// denies it.
func allergiesOf(_ *Summary, p *Page) []candidate {
	if !p.medical || !allergyStatuses.have(p.condition.code) && !allergicReactions.have(p.condition.code) {
		return nil
	}
	one := p.conditionItem()
	coded := one.item
	one.item = func() Item {
		i := coded()
		if said := clean(p.summary); said != "" && said != i.Text {
			i.Code = strings.Trim(i.Code+", "+i.Text, ", ")
			i.Text, i.Words = said, slices.DeleteFunc(i.Words, func(words string) bool { return clean(words) == said })
		}
		return i
	}
	return []candidate{one}
}

// medicationsOf gives the words of a prescription.
func medicationsOf(_ *Summary, p *Page) []candidate {
	if !p.medical || p.context != "prescription" {
		return nil
	}

	name := cmp.Or(clean(p.summary), clean(p.info), p.procedure.shown(), p.condition.shown())
	if name == "" {
		return nil
	}
	return []candidate{{key: keyOf(nil, name), item: func() Item { return p.item(name, nil) }}}
}

func immunizationsOf(_ *Summary, p *Page) (all []candidate) {
	for _, one := range p.Immunizations() {
		name := cmp.Or(p.vaccine(), "Vaccination, of which the vaccine is not told")
		all = append(all, candidate{key: keyOf(nil, name), resource: func() Resource { return one }, item: func() Item { return p.item(name, nil) }})
	}
	return all
}

// proceduresOf gives a procedure. That of a vaccination is among the immunizations.
func proceduresOf(_ *Summary, p *Page) (all []candidate) {
	name := p.procedure.shown()
	if p.isImmunization() || name == "" {
		return nil
	}
	for _, one := range p.Procedures() {
		all = append(all, candidate{key: keyOf(one.Codes, name), resource: func() Resource { return one }, item: func() Item { return p.item(name, one.Codes) }})
	}
	return all
}

// pregnanciesOf gives a delivery of the person, which is no problem. The person's own birth is none of them, and
// each has its day, for they all have the same code.
func pregnanciesOf(s *Summary, p *Page) []candidate {
	own := s.members.text("gender") == "m" || day(p.when) == realDate(s.members.text("dob"))
	if !p.isCondition() || !deliveries.have(p.condition.code) || own {
		return nil
	}

	one := p.conditionItem()
	one.key += " " + day(p.when)
	return []candidate{one}
}
