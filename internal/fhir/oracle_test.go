// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/testhub"
)

// told is a fact of an observation: book, code, value, time.
type told [4]string

// A program in another language, which knows the definition of the mapping and nothing of the hub's code, reads odd
// books from the JSON resources: the observations say exactly what it says.
func TestObservationsSayWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t, inMadrid(t))
	persons := plantOddBooks(h, t, 500)
	var books []byte
	for _, person := range persons {
		books = append(books, nativeBook(h, person)...)
	}

	wants := lines[[]told](t, python(t, "observations.py", books))
	if len(wants) != len(persons) {
		t.Fatalf("the oracle tells of %d books of %d", len(wants), len(persons))
	}
	for i, person := range persons {
		path := ofPerson("Observation", person)
		if i%2 == 0 {
			path += "&_count=7"
		}
		got := tellAll(t, person, search(h, testhub.Root, path))
		if missing, extra := without(wants[i], got), without(got, wants[i]); len(missing)+len(extra) > 0 {
			t.Errorf("%s: the oracle alone says %q, the hub alone %q", person, missing, extra)
		}
	}
}

// without gives the facts that are not, or fewer times, among others.
func without(facts, others []told) (left []told) {
	others = slices.Clone(others)
	for _, fact := range facts {
		i := slices.Index(others, fact)
		if i < 0 {
			left = append(left, fact)
			continue
		}
		others = slices.Delete(others, i, i+1)
	}
	return left
}

// concept is a CodeableConcept.
type concept struct {
	Coding []struct{ Code string }
	Text   string
}

// name gives the codes, or the text where there is none.
func (c concept) name() string {
	var codes []string
	for _, one := range c.Coding {
		codes = append(codes, one.Code)
	}
	if codes == nil {
		return c.Text
	}
	return strings.Join(codes, " ")
}

// value is what an Observation, or a component, has as its value.
type value struct {
	Code          concept
	ValueQuantity *struct {
		Value json.RawMessage // with its digits
		Code  string
	}
	ValueString      string
	DataAbsentReason *concept
}

func (v value) text() string {
	switch {
	case v.ValueQuantity != nil:
		return strings.TrimSpace(fmt.Sprintf("%s %s", v.ValueQuantity.Value, v.ValueQuantity.Code))
	case v.DataAbsentReason != nil:
		return v.DataAbsentReason.name()
	default:
		return v.ValueString
	}
}

// observation is an Observation as far as the oracle knows it.
type observation struct {
	ID string
	value
	Subject           struct{ Reference string }
	EffectiveDateTime string
	Component         []value
	Note              []struct{ Text string }
}

// tellAll gives the facts of the observations of a person, whose ids are apart.
func tellAll(t *testing.T, person string, found []json.RawMessage) (facts []told) {
	t.Helper()
	seen := map[string]bool{}
	for _, text := range found {
		var o observation
		if err := json.Unmarshal(text, &o); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if seen[o.ID] || o.Subject.Reference != "Patient/"+resource.ID(person) {
			t.Errorf("%s is there twice, or not of %s: %s", o.ID, person, text)
		}
		seen[o.ID] = true
		facts = append(facts, o.tell(person)...)
	}
	return facts
}

func (o observation) tell(person string) (facts []told) {
	for _, one := range o.Component {
		facts = append(facts, told{person, one.Code.name(), one.text(), o.EffectiveDateTime})
	}
	if facts != nil {
		return facts
	}

	text := o.text()
	if text == "error" {
		text = "unreadable: " + o.Note[0].Text
	}
	return []told{{person, o.Code.name(), text, o.EffectiveDateTime}}
}
