// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	"math"
	"time"
)

// How often the birth dates of two records of one person are related so, and
// those of strangers. A register's people are born on some thirty thousand days.
const (
	days = 30_000.0

	birthEqual, twins         = 0.83, 0.007
	birthSwapped, likeSwapped = 0.04, 0.4 / days // of day and month, when both could be either
	birthDigit, likeDigit     = 0.05, 60 / days  // one is wrong, or two neighbours are transposed, or it is the next day
	birthDay, likeDay         = 0.01, 1 / 365.0  // another year
	birthYear, likeYear       = 0.02, 1 / 80.0   // another day
	birthDiffers              = 0.03
	birthPartly               = 0.9 // as far as both are known
	likeMonth                 = likeYear / 12
)

// What these say, in bits.
var (
	saysEqual    = math.Log2(birthEqual)
	saysTwins    = math.Log2(twins)
	saysSwapped  = bits(birthSwapped, likeSwapped)
	saysDigit    = bits(birthDigit, likeDigit)
	saysDay      = bits(birthDay, likeDay)
	saysYear     = bits(birthYear, likeYear)
	saysOther    = bits(birthDiffers, 1)
	saysYearOnly = bits(birthPartly, likeYear)
	saysMonth    = bits(birthPartly, likeMonth)
)

// A date that more people have than can be born on a day, even if all are of one
// year, stands for an unknown one: 1900-01-01.
const (
	mostOfADay = 0.005
	tooMany    = 10 // persons; in a small federation a few are a large share
)

// compareBirths compares dates. One that stands for an unknown one is known beside
// itself only: there it is as frequent as it is.
func (p *Population) compareBirths(one, other *Person) evidence {
	a, b := one.birth, other.birth
	e := evidence{known: a > 0 && a == b || one.real > 0 && other.real > 0}
	switch {
	case !e.known:
	case a%100 == 0 || b%100 == 0:
		e.same, e.degree = partly(a, b)
	case a == b:
		like := math.Log2(max(1/days, p.Births[a]))
		e.same, e.relative, e.degree = saysEqual-like, max(saysTwins-like, 0), 1
	default:
		e.same, e.degree = nearly(a, b)
	}
	return e
}

// StandsForUnknown reports whether a birth date is one that is written where none is
// known. A year or a month may well be that of many.
func (p *Population) StandsForUnknown(date int) bool {
	share := p.Births[date]
	return date%100 > 0 && share > mostOfADay && share*p.Persons >= tooMany
}

// nearly compares dates that differ.
func nearly(a, b int) (same, degree float64) {
	switch {
	case a/10000 == b/10000 && a%100 == b/100%100 && b%100 == a/100%100:
		return saysSwapped, 0.8
	case digitApart(a, b), dayApart(a, b):
		return saysDigit, 0.6
	case a%10000 == b%10000:
		return saysDay, 0.3
	case a/10000 == b/10000:
		return saysYear, 0.3
	}
	return saysOther, 0
}

// partly compares when the day, or month and day, of one is not known.
func partly(a, b int) (same, degree float64) {
	switch {
	case a/10000 != b/10000:
		return saysOther, 0
	case a/100%100 == 0 || b/100%100 == 0:
		return saysYearOnly, 0.5
	case a/100 != b/100:
		return saysYear, 0.3
	}
	return saysMonth, 0.5
}

// digitApart reports whether two dates differ in one digit, or by two neighbours
// that are transposed.
func digitApart(a, b int) bool {
	var different, first int
	for place := 1; place <= 10_000_000; place *= 10 {
		if a/place%10 != b/place%10 {
			if different == 0 {
				first = place
			}
			different++
		}
	}
	return different == 1 || different == 2 && a/first%10 == b/first/10%10 && b/first%10 == a/first/10%10
}

// dayApart reports whether one date is the day after the other.
func dayApart(a, b int) bool {
	first, second := min(a, b), max(a, b)
	if second-first > 1 && second%100 != 1 { // most are not
		return false
	}
	next := time.Date(first/10000, time.Month(first/100%100), first%100+1, 0, 0, 0, 0, time.UTC)
	return second == next.Year()*10000+int(next.Month())*100+next.Day()
}

// A gender is wrong in few records. Names tell it, so that it adds little; few men
// and women have the same ones.
const (
	genderAgrees, likeGender = 0.98, 0.7
	relativesGender          = 0.5
	genderOfOneName          = 0.95
	relativesOfOneName       = 0.9
)

var (
	gendersAgree           = evidence{bits(genderAgrees, likeGender), bits(relativesGender, likeGender), 1, true}
	gendersDiffer          = evidence{bits(1-genderAgrees, 1-likeGender), bits(1-relativesGender, 1-likeGender), 0, true}
	gendersDifferOfOneName = evidence{bits(1-genderAgrees, 1-genderOfOneName), bits(1-relativesOfOneName, 1-genderOfOneName), 0, true}
)

// People move. A household is a flat as well as a camp of a thousand people.
const (
	householdAgrees, likeHousehold = 0.8, 0.001
	relativesAtHome                = 0.7
)

var (
	householdsAgree  = evidence{bits(householdAgrees, likeHousehold), bits(relativesAtHome, likeHousehold), 1, true}
	householdsDiffer = evidence{bits(1-householdAgrees, 1-likeHousehold), bits(1-relativesAtHome, 1-likeHousehold), 0, true}
)

// compareTexts compares what agrees or differs, and nothing between.
func compareTexts(a, b string, agree, differ evidence) evidence {
	switch {
	case a == "" || b == "":
		return evidence{}
	case a == b:
		return agree
	}
	return differ
}
