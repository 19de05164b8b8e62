// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	"math"
	"time"
)

// Probabilities of two birth dates: m in two records of one person, u in those of
// strangers. A register's people are born on some thirty thousand days.
const (
	days = 30_000.0

	mEqual, twinsEqual = 0.83, 0.007
	mSwapped, uSwapped = 0.04, 0.4 / days // day and month are swapped, when both could be either
	mDigit, uDigit     = 0.05, 60 / days  // one digit is wrong, or two neighbours are transposed, or it is the next day
	mDay, uDay         = 0.01, 1 / 365.0  // another year
	mYear, uYear       = 0.02, 1 / 80.0   // another day
	mDiffer            = 0.03
	mPartial           = 0.9 // they agree as far as both are known
	uMonth             = uYear / 12
)

// The same in bits.
var (
	log2Equal      = math.Log2(mEqual)
	log2Twins      = math.Log2(twinsEqual)
	weightSwapped  = weight(mSwapped, uSwapped)
	weightDigit    = weight(mDigit, uDigit)
	weightDay      = weight(mDay, uDay)
	weightYear     = weight(mYear, uYear)
	weightDiffer   = weight(mDiffer, 1)
	weightYearOnly = weight(mPartial, uYear)
	weightMonth    = weight(mPartial, uMonth)
)

// compareBirths compares dates. A placeholder counts as known only beside the same
// placeholder: there it is as frequent as it is.
func (f *Frequencies) compareBirths(one, other *Person) evidence {
	a, b := one.birth, other.birth
	e := evidence{known: a > 0 && a == b || one.realBirth > 0 && other.realBirth > 0}

	switch {
	case !e.known:
	case a%100 == 0 || b%100 == 0:
		e.same, e.degree = comparePartial(a, b)
	case a == b:
		u := math.Log2(max(1/days, f.Births[a]))
		e.same, e.relative, e.degree = log2Equal-u, max(log2Twins-u, 0), 1
	default:
		e.same, e.degree = compareDifferent(a, b)
	}
	return e
}

// compareDifferent compares dates that differ.
func compareDifferent(a, b int) (same, degree float64) {
	switch {
	case a/10000 == b/10000 && a%100 == b/100%100 && b%100 == a/100%100:
		return weightSwapped, 0.8
	case differInDigit(a, b), differByDay(a, b):
		return weightDigit, 0.6
	case a%10000 == b%10000:
		return weightDay, 0.3
	case a/10000 == b/10000:
		return weightYear, 0.3
	}
	return weightDiffer, 0
}

// comparePartial compares when the day, or month and day, of one is unknown.
func comparePartial(a, b int) (same, degree float64) {
	switch {
	case a/10000 != b/10000:
		return weightDiffer, 0
	case a/100%100 == 0 || b/100%100 == 0:
		return weightYearOnly, 0.5
	case a/100 != b/100:
		return weightYear, 0.3
	}
	return weightMonth, 0.5
}

// differInDigit reports whether two dates differ in one digit, or by two neighbours
// that are transposed.
func differInDigit(a, b int) bool {
	var different, first int
	for place := 1; place <= 10_000_000; place *= 10 {
		if a/place%10 == b/place%10 {
			continue
		}
		if different == 0 {
			first = place
		}
		different++
	}

	return different == 1 || different == 2 && a/first%10 == b/first/10%10 && b/first%10 == a/first/10%10
}

// differByDay reports whether one date is the day after the other.
func differByDay(a, b int) bool {
	first, second := min(a, b), max(a, b)
	if second-first > 1 && second%100 != 1 { // most are not
		return false
	}

	next := time.Date(first/10000, time.Month(first/100%100), first%100+1, 0, 0, 0, 0, time.UTC)
	return second == next.Year()*10000+int(next.Month())*100+next.Day()
}
