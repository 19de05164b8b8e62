// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// PageDate is when a page of life happened, as its "page_date" tells.
type PageDate struct {
	Time  time.Time // in the zone that it is written with, else in UTC; to microseconds
	Zoned bool      // false: local time of nobody knows where, which counts as UTC
	Clock bool      // false: a day without a time of day
}

// The characters that the database looks at: as many as the longest date has.
const pageDateLength = 36

var pageDateForm = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)` + // 1 to 3
	`(?:([Tt ])([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?` + // 4 to 8
	`(?: ?(?:([Zz])|([+-])(0\d|1[0-5])(?::?([0-5]\d))?))?)?$`) // 9 to 12

// usualPageDate is what most pages have: it is read a long way faster than by the pattern.
const usualPageDate = "2006-01-02T15:04:05"

// ReadPageDate reads a date by the rule that the database orders a book by, its
// function thalamus_page_time; ok is false for one that it cannot read.
func ReadPageDate(text string) (date PageDate, ok bool) {
	if len(text) == len(usualPageDate) {
		t, err := time.Parse(usualPageDate, text)
		if err == nil {
			return PageDate{Time: t, Clock: true}, t.Year() > 0
		}
	}

	text = strings.Trim(text, " \t")
	parts := pageDateForm.FindStringSubmatch(text[:min(len(text), pageDateLength)])
	if parts == nil || parts[1] == "0000" {
		return PageDate{}, false
	}

	zone := time.UTC
	if parts[10] != "" {
		offset := 60 * (60*number(parts[11]) + number(parts[12]))
		zone = time.FixedZone("", sign(parts[10])*offset)
	}
	micro := number((parts[8] + "000000")[:6])
	day, month := number(parts[3]), time.Month(number(parts[2]))
	t := time.Date(number(parts[1]), month, day, number(parts[5]), number(parts[6]), number(parts[7]), 1000*micro, zone)
	if t.Day() != day || t.Month() != month {
		return PageDate{}, false // of a month that is shorter
	}
	return PageDate{Time: t, Zoned: parts[9] != "" || parts[10] != "", Clock: parts[4] != ""}, true
}

func number(digits string) int {
	n, _ := strconv.Atoi(cmp.Or(digits, "0"))
	return n
}

func sign(text string) int {
	if text == "-" {
		return -1
	}
	return 1
}
