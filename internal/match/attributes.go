// SPDX-License-Identifier: GPL-3.0-or-later

package match

// A gender is wrong in few records. Names tell it, so that it adds little; few men
// and women have the same ones.
const (
	mGender, uGender   = 0.98, 0.7
	relativesGender    = 0.5
	uGenderOfOneName   = 0.95
	relativesOfOneName = 0.9
)

var (
	gendersAgree           = evidence{weight(mGender, uGender), weight(relativesGender, uGender), 1, true}
	gendersDiffer          = evidence{weight(1-mGender, 1-uGender), weight(1-relativesGender, 1-uGender), 0, true}
	gendersDifferOfOneName = evidence{weight(1-mGender, 1-uGenderOfOneName), weight(1-relativesOfOneName, 1-uGenderOfOneName), 0, true}
)

// People move. A household is a flat as well as a camp of a thousand people.
const (
	mHousehold, uHousehold = 0.8, 0.001
	relativesAtHome        = 0.7
)

var (
	householdsAgree  = evidence{weight(mHousehold, uHousehold), weight(relativesAtHome, uHousehold), 1, true}
	householdsDiffer = evidence{weight(1-mHousehold, 1-uHousehold), weight(1-relativesAtHome, 1-uHousehold), 0, true}
)

// compareTexts compares attributes that agree or differ, and nothing between.
func compareTexts(a, b string, agree, differ evidence) evidence {
	switch {
	case a == "" || b == "":
		return evidence{}
	case a == b:
		return agree
	}
	return differ
}
