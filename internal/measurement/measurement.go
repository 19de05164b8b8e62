// SPDX-License-Identifier: GPL-3.0-or-later

// Package measurement reads blood pressure, weight and the like out of pages of life,
// as the phone app (MyGNUHealth) and the hospitals' system (HMIS) write them, and
// writes the measurements of a new page as the phone app does. Values are the exact
// decimals that were sent. A value that cannot be read is told, not left out or guessed.
package measurement

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"thalamus/internal/record"
)

// Page is what a page of life says with its "measurements".
type Page struct {
	Date       record.PageDate
	Dated      bool      // it has a date that can be read
	Readings   []Reading // in the units of their kinds
	OtherUnits []Reading // of which a value at least is in another unit
	Others     []Text    // at keys that no kind has, such as nutrition
	Unreadable []Text
}

// Reading is one measurement, such as a blood pressure with both its numbers.
type Reading struct {
	Kind    *Kind    // one of Kinds
	Element int      // of the list of measurements, from 0
	Values  []string // for each part of the kind: a decimal, or words; "" where nothing was sent

	units []string // of the values; nil: those of the kind
}

// Number gives a value in the unit of its kind, for a drawing or a comparison; ok is false where it is
// none. People are shown the text in Values.
func (r Reading) Number(part int) (n float64, ok bool) {
	if r.Kind.Parts[part].Words || r.Unit(part) != r.Kind.Parts[part].Unit {
		return 0, false
	}
	return number(r.Values[part])
}

func number(decimal string) (n float64, ok bool) {
	n, err := strconv.ParseFloat(decimal, 64)
	return n, err == nil
}

// All is the Element of what is said of the measurements as a whole.
const All = -1

// Text is something that a page says, with where it stands.
type Text struct {
	Element int    // of the list of measurements, or All
	Path    string // such as "bp.systolic"; "measurements" for all of them
	Value   string // a text as it is, a value with its unit as people write it, anything else as JSON
}

// AllReadings gives those in other units behind the others.
func (p Page) AllReadings() []Reading { return append(p.Readings, p.OtherUnits...) }

// Of reads a page of life, of either schema.
func Of(page []byte) Page {
	var date, measurements []byte
	record.Members(page, func(key, value []byte) {
		switch string(key) {
		case "page_date":
			date = value
		case "measurements":
			measurements = value
		}
	})
	text, _ := jsonText(date)
	return Read(text, measurements)
}

// Read is Of for a page's date, which may be any text, and the JSON of its measurements.
func Read(date string, measurements []byte) (page Page) {
	page.Date, page.Dated = record.ReadPageDate(date)

	measurements = bytes.Trim(measurements, record.Whitespace)
	elements, ok := elementsOf(measurements)
	if !ok {
		page.cannotRead(All, "measurements", measurements)
		return page
	}

	page.Readings = slices.Grow(page.Readings, len(elements))
	for n, element := range elements {
		if !isNull(element) && !page.readElement(n, element) {
			page.cannotRead(n, "measurements."+strconv.Itoa(n), element)
		}
	}
	return page
}

// usualElements is how many there are in a page, seldom more.
const usualElements = 4

// elementsOf gives the elements of measurements, without blanks around: a list, an object
// alone, or a text of Python with either. There are none in an empty text.
func elementsOf(measurements []byte) (elements []json.RawMessage, ok bool) {
	literal, isText := jsonText(measurements)
	if isText && literal != "" {
		measurements, ok = literalJSON(literal)
		if !ok {
			return nil, false
		}
	}

	switch {
	case isNull(measurements) || isText && literal == "":
		return nil, true
	case measurements[0] == '{':
		return []json.RawMessage{measurements}, true
	default:
		elements = make([]json.RawMessage, 0, usualElements)
		ok = record.Elements(measurements, func(value []byte) { elements = append(elements, value) })
		return elements, ok
	}
}

func (p *Page) cannotRead(element int, path string, value []byte) {
	p.Unreadable = append(p.Unreadable, Text{element, path, shown(value)})
}

func isNull(value []byte) bool { return len(value) == 0 || string(value) == "null" }

// jsonText gives the text that a JSON string means.
func jsonText(value []byte) (text string, ok bool) {
	if len(value) == 0 || value[0] != '"' {
		return "", false
	}
	return unquoted(value)
}

// unquoted is apart from jsonText, because its result lies on the heap, and most values are no text.
func unquoted(value []byte) (text string, ok bool) {
	err := json.Unmarshal(value, &text)
	return text, err == nil
}

func shown(value []byte) string {
	number, unit, ok := quantityOf(value)
	if ok {
		return shown(number) + " " + unit
	}

	text, ok := jsonText(value)
	if !ok {
		return string(value)
	}
	return text
}
