// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/store"
)

// readBirth reads a value of birthdate as bounds. Dates are numbers like 19901004.
func readBirth(value string) (bounds []store.BirthBound, ok bool) {
	prefix := "eq"
	if len(value) > 2 && slices.Contains(datePrefixes, value[:2]) {
		prefix, value = value[:2], value[2:]
	}

	first, last, ok := dayNumbers(value)
	least := func(last bool, date int) store.BirthBound {
		return store.BirthBound{Last: last, Least: true, Date: date}
	}
	most := func(last bool, date int) store.BirthBound { return store.BirthBound{Last: last, Date: date} }
	switch prefix {
	case "eq":
		return []store.BirthBound{least(false, first), most(true, last)}, ok
	case "ge":
		return []store.BirthBound{least(true, first)}, ok
	case "gt":
		return []store.BirthBound{least(true, last+1)}, ok
	case "le":
		return []store.BirthBound{most(false, last)}, ok
	case "lt":
		return []store.BirthBound{most(false, first-1)}, ok
	case "sa":
		return []store.BirthBound{least(false, last+1)}, ok
	case "eb":
		return []store.BirthBound{most(true, first-1)}, ok
	}
	return nil, false
}

// dayNumbers gives the first and the last day of a year, a month or a day; the first has zeros for
// what is not given, as a birth date has for what is unknown.
func dayNumbers(text string) (first, last int, ok bool) {
	for layout, rests := range map[string][2]string{"2006": {"0000", "1231"}, "2006-01": {"00", "31"}, time.DateOnly: {"", ""}} {
		if _, err := time.Parse(layout, text); err != nil {
			continue
		}

		digits := strings.ReplaceAll(text, "-", "")
		first, _ = strconv.Atoi(digits + rests[0])
		last, _ = strconv.Atoi(digits + rests[1])
		return first, last, first > 0
	}
	return 0, 0, false
}
