// SPDX-License-Identifier: GPL-3.0-or-later

package match

// Frequencies says how frequent words and dates are among the persons that are compared. An
// agreement in a frequent one says little.
type Frequencies struct {
	Persons float64            // how many there are
	Words   map[string]float64 // the share of persons with a frequent word in their names
	Rare    float64            // the same share for every other word
	Births  map[int]float64    // the share of persons with a frequent birth date, as registers write for an unknown one
}

// A placeholder is a date that more people have than can be born on a day, even if all are
// of one year: 1900-01-01.
const (
	maxShareOfDay     = 0.005
	minOfAPlaceholder = 10 // persons; in a small federation a few are a large share
)

// IsPlaceholder reports whether a birth date is one that registers write where none is
// known. A year or a month may well be that of many.
func (f *Frequencies) IsPlaceholder(date int) bool {
	share := f.Births[date]
	return date%100 > 0 && share > maxShareOfDay && share*f.Persons >= minOfAPlaceholder
}

// share is the share of persons with a word in their names.
func (f *Frequencies) share(text string) float64 {
	share, frequent := f.Words[text]
	if !frequent {
		share = f.Rare
	}
	return min(max(share, rarest), 1)
}
