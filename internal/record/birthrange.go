// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"strconv"
	"strings"
	"time"
)

// ReadBirthRange reads a day, a month, a year, or a range of two with ".." between them, one end
// of which may be open. Dates are numbers like 19901004. The first has zeros for a month or day
// that is not given, as a birth date has for unknown ones; the last has 12 and 31.
func ReadBirthRange(text string) (from, to int, ok bool) {
	first, last, ranged := strings.Cut(text, "..")
	if !ranged {
		last = first
	}
	if first == "" && last == "" {
		return 0, 0, false
	}

	from, to = 1, 99991231
	fromOK, toOK := true, true
	if first != "" {
		from, fromOK = parseBirth(first, "0000")
	}

	if last != "" {
		to, toOK = parseBirth(last, "1231")
	}

	return from, to, fromOK && toOK && from <= to
}

// parseBirth reads a date and completes a year or a month with the end of rest.
func parseBirth(text, rest string) (int, bool) {
	digits := strings.ReplaceAll(text, "-", "")
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		_, err := time.Parse(layout, text)
		if err != nil || len(text) != len(layout) {
			continue
		}

		number, err := strconv.Atoi(digits + rest[len(digits)-4:])
		if err != nil {
			return 0, false
		}
		return number, number > 0
	}
	return 0, false
}
