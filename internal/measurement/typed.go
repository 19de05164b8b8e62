// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"regexp"
	"strings"
)

// typedDigits has what keyboards have for the digits, the point and the minus.
var typedDigits = strings.NewReplacer(
	"٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9",
	"۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9",
	",", ".", "٫", ".", "−", "-",
)

var typedForm = regexp.MustCompile(`^(-?)0*([0-9]{1,12}(?:\.[0-9]{1,6})?)$`)

// Typed reads a value as people type it into a form: a decimal comma or point, Arabic
// digits, zeros and blanks before it. A comma never parts thousands: 4,000 is four. The
// value is "" for an empty field; ok is false for a text that is no number. Doubts tells
// whether a number is improbable.
func (p *Part) Typed(text string) (value string, ok bool) {
	text = strings.TrimSpace(text)
	if p.Words || text == "" {
		return text, true
	}

	number := typedForm.FindStringSubmatch(typedDigits.Replace(text))
	if number == nil {
		return "", false
	}
	return number[1] + number[2], true
}

// Doubt is why a value that somebody types is asked about once, before it is stored
// as it is.
type Doubt string

// The doubts; their texts are keys of what is asked.
const (
	NoDoubt Doubt = ""
	Low     Doubt = "low"
	High    Doubt = "high"
	Precise Doubt = "precise" // more decimals than anybody measures; perhaps thousands
	Missing Doubt = "missing" // the other of a pair is there
	Swapped Doubt = "swapped" // the second of a pair is not the smaller
)

// Doubts gives the doubt about each value of a reading.
func (r Reading) Doubts() []Doubt {
	doubts := make([]Doubt, len(r.Values))
	for i, value := range r.Values {
		doubts[i] = r.Kind.Parts[i].doubt(value)
	}
	if !r.Kind.Pair {
		return doubts
	}

	first, hasFirst := r.Number(0)
	second, hasSecond := r.Number(1)
	switch {
	case hasFirst && !hasSecond:
		doubts[1] = Missing
	case hasSecond && !hasFirst:
		doubts[0] = Missing
	case hasSecond && second >= first && doubts[1] == NoDoubt:
		doubts[1] = Swapped
	}
	return doubts
}

func (p *Part) doubt(value string) Doubt {
	n, ok := number(value)
	_, fraction, _ := strings.Cut(value, ".")
	switch {
	case p.Words || !ok:
		return NoDoubt
	case n < p.Low:
		return Low
	case n > p.High:
		return High
	case len(fraction) > p.Decimals:
		return Precise
	default:
		return NoDoubt
	}
}
