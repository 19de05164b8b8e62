// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"thalamus/internal/measurement"
	"thalamus/internal/record"
)

// pageForms are the forms for a new page and for its correction.
type pageForms struct{ *Portal }

// pageForm is the form of a page of life as it is shown and as it comes back. A doubtful value
// is asked about once: the form then has it in "asked" when it comes back.
type pageForm struct {
	Typed    url.Values
	Problem  message            // about the whole form
	problems map[string]message // of wrong and doubtful values, by field
	wrong    bool               // one of them is wrong
	asking   []string           // the doubtful values, as asked has them

	slots  []slot
	dated  record.PageDate    // tells how the date is written
	stored map[string]message // what somebody else has stored meanwhile, by field
}

// pageContent is what a form says, as it can be stored.
type pageContent struct {
	date          string // "" if it is wrong
	summary, info string
	readings      []measurement.Reading
}

// empty reports whether a page would say nothing.
func (c pageContent) empty() bool {
	return strings.TrimSpace(c.summary+c.info) == "" && len(c.readings) == 0
}

// newPageForm is the form of a new page. A time is on the hub's own clock.
func newPageForm(typed url.Values) *pageForm {
	return &pageForm{
		Typed: typed, problems: map[string]message{}, slots: slotsOf(nil),
		dated: record.PageDate{Time: time.Now(), Zoned: true, Clock: true},
	}
}

// Asked are the doubtful values that the person has seen when this form comes back.
func (f *pageForm) Asked() []string { return f.asking }

// refuse says what is wrong with a field.
func (f *pageForm) refuse(name string, why message) {
	f.problems[name], f.wrong = why, true
}

// doubt asks about the value of a field, unless that was asked before or the value is wrong.
func (f *pageForm) doubt(name, value string, question message) {
	if _, wrong := f.problems[name]; wrong {
		return
	}

	asked := name + "=" + value
	f.asking = append(f.asking, asked)
	if !slices.Contains(f.Typed["asked"], asked) {
		f.problems[name] = question
	}
}

// settle reports whether the form can be stored. If not, the form says why.
func (f *pageForm) settle() bool {
	switch {
	case f.wrong:
		f.Problem = say("form.wrong")
	case len(f.problems) > 0:
		f.Problem = say("form.doubtful")
	}
	return len(f.problems) == 0
}

// text gives a text that was typed, with the line ends that are stored.
func (f *pageForm) text(name string) string {
	return strings.NewReplacer("\r\n", "\n", "\x00", "").Replace(f.Typed.Get(name))
}

// when reads the date of the page. A time without a zone is on the clock of the date that the
// form had, and is written as that is.
func (f *pageForm) when(now time.Time) string {
	text := f.text("date")
	date, ok := record.ReadPageDate(text)
	if !ok {
		f.refuse("date", say("form.no_date", "example", now.Format("2006-01-02 15:04")))
		return ""
	}

	at := date.Time
	if !date.Zoned {
		at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), f.dated.Time.Location())
	}
	if at.After(now.AddDate(0, 0, 1)) {
		f.doubt("date", text, say("doubt.future"))
	}

	switch {
	case !date.Clock:
		return at.Format(time.DateOnly)
	case f.dated.Clock && !f.dated.Zoned:
		return at.Format("2006-01-02T15:04:05")
	default:
		return at.Format("2006-01-02T15:04:05-07:00")
	}
}

// Summary is the field of the few words.
func (f *pageForm) Summary() field {
	return f.filled(field{Name: "summary", Label: say("form.summary"), Hint: say("form.summary_hint")})
}

// Info is the field of the free text.
func (f *pageForm) Info() field {
	return f.filled(field{Name: "info", Label: say("form.info")})
}

// filled gives a field with what was typed, and what is wrong with that.
func (f *pageForm) filled(shown field) field {
	shown.Value, shown.Problem, shown.Stored = f.Typed.Get(shown.Name), f.problems[shown.Name], f.stored[shown.Name]
	return shown
}
