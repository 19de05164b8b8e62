// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/fhir/summary"
	"thalamus/internal/gate"
	"thalamus/internal/measurement"
)

// summaries is the screen of a person's summary for a doctor elsewhere, on a page of A4, in the reader's language
// and in English.
type summaries struct{ *Portal }

// Bounds of the page. The file has everything.
const (
	maxSummaryItems = 8
	maxSummaryWords = 200 // letters, of the words of an item
)

// summaryView is what the screen shows.
type summaryView struct {
	Members  []summaryMember
	Sections []summarySection
	Made     bilingual
	JSON     string
}

// bilingual is a text in the reader's language and, if that is another one, in English.
type bilingual struct {
	Text    message
	English string
}

type summaryMember struct {
	Name  bilingual
	Value string
	Word  bilingual // a value that is a word
}

type summarySection struct {
	Title, Note bilingual
	Items       []summaryItem
	Values      bool // they are measurements, and short
	More        bilingual
}

type summaryItem struct {
	Name  bilingual // of a measurement
	Text  string    // of anything else
	Code  string
	Value string
	When  string
	Words string
}

// Texts of the sections. The note of a section says that there is no list of such things here, and what its items are if it
// has some.
var (
	summaryTitles = map[string]string{
		"problems": "medical_summary.problems", "allergies": "medical_summary.allergies", "medications": "medical_summary.medications", "immunizations": "medical_summary.immunizations",
		"results": "medical_summary.results", "procedures": "medical_summary.procedures", "pregnancies": "medical_summary.pregnancies", "vital_signs": "medical_summary.vital_signs",
	}
	noItemsNotes = map[string]string{
		"problems": "medical_summary.no_problems", "allergies": "medical_summary.no_allergies", "medications": "medical_summary.no_medications",
	}
	someItemsNotes = map[string]string{"allergies": "medical_summary.some_allergies", "medications": "medical_summary.some_medications"}
)

func (p summaries) getSummary(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	made, err := summary.Read(r.Context(), c, p.Store, p.Zone)
	if err != nil {
		return err
	}

	title, err := p.titleOf(r, c, "medical_summary.title", "medical_summary.title_of")
	if err != nil {
		return err
	}

	s := summaryWriter{p.languages.of(r, c), p.languages.all[0]}
	shown := summaryView{Members: s.members(made), Made: s.both(say("medical_summary.made")), JSON: c.Path(personPath(c, "summary.json")...)}
	for _, section := range made.Sections {
		one := s.section(section)
		if len(one.Items) > 0 || one.Note.Text.Key != "" {
			shown.Sections = append(shown.Sections, one)
		}
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "summary", Title: title, Data: shown})
}

// getSummaryJSON sends the summary as the file that programs read.
func (p summaries) getSummaryJSON(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	made, err := summary.Read(r.Context(), c, p.Store, p.Zone)
	if err != nil {
		return err
	}

	header := w.Header()
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Content-Disposition", `attachment; filename="summary.json"`)
	gate.Reply(w, http.StatusOK, gate.FHIRType, summary.JSON(r, c, made, p.Version))
	return nil
}

// summaryWriter writes a summary in two languages.
type summaryWriter struct{ own, english *language }

func (s summaryWriter) both(text message) bilingual {
	if s.own == s.english || text.Key == "" {
		return bilingual{Text: text}
	}
	english, _ := s.english.plain(text) // every text is in every language, which a test holds
	return bilingual{text, english}
}

func (s summaryWriter) members(made *resource.Summary) []summaryMember {
	return []summaryMember{
		{Name: s.both(say("medical_summary.name")), Value: made.Name()},
		{Name: s.both(say("person.id")), Value: made.ID()},
		{Name: s.both(say("person.born")), Value: made.Born()},
		{Name: s.both(say("person.gender")), Word: s.both(summaryGenders[made.Gender()])},
	}
}

// summaryGenders are the genders that a summary tells.
var summaryGenders = map[string]message{
	"f": say("medical_summary.female"), "m": say("medical_summary.male"), "nb": say("medical_summary.nonbinary"), "other": say("medical_summary.other_gender"),
}

func (s summaryWriter) section(from *resource.Section) (shown summarySection) {
	shown.Title, shown.Values = s.both(say(summaryTitles[from.Name])), from.Name == "vital_signs"
	notes := someItemsNotes
	if len(from.Items) == 0 {
		notes = noItemsNotes
	}
	if note := notes[from.Name]; note != "" {
		shown.Note = s.both(say(note))
	}

	for _, item := range from.Items[:min(maxSummaryItems, len(from.Items))] {
		shown.Items = append(shown.Items, s.item(item))
	}
	if len(from.Items) > maxSummaryItems || from.Cut {
		shown.More = s.both(say("medical_summary.more"))
	}
	return shown
}

func (s summaryWriter) item(from resource.Item) summaryItem {
	shown := summaryItem{Text: from.Text, Code: from.Code, Value: from.Value, When: from.When, Words: from.Said(maxSummaryWords)}
	kind := measurement.KindNamed(from.Kind)
	if kind != nil {
		shown.Name, shown.Text = s.both(say(kindNames[kind])), ""
	}
	return shown
}
