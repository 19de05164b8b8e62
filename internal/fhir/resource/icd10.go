// SPDX-License-Identifier: GPL-3.0-or-later

package resource

// blocks are blocks of ICD-10, from one code to another, without dots.
type blocks []struct{ first, last string }

// The blocks that a summary does not take for problems that last.
var (
	deliveries        = blocks{{"O80", "O84"}, {"Z37", "Z37"}, {"Z39", "Z39"}}
	noProblems        = blocks{{"Z00", "Z13"}, {"Z23", "Z29"}, {"Z38", "Z38"}} // contacts with the health service; the person's own birth
	allergyStatuses   = blocks{{"Z88", "Z88"}, {"Z910", "Z910"}}
	allergicReactions = blocks{{"T78", "T78"}, {"T886", "T887"}, {"L50", "L50"}}
)

// have reports whether a code is in one of the blocks.
func (b blocks) have(code string) bool {
	code = plainCode(code)
	for _, one := range b {
		if begin := code[:min(len(code), len(one.first))]; one.first <= begin && begin <= one.last {
			return true
		}
	}
	return false
}
