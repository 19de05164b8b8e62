// SPDX-License-Identifier: GPL-3.0-or-later

package match

// Probabilities of a name that two relatives have in common beside the family's. Relatives
// with the same names are of two generations; siblings hardly ever have the same, but may
// have a part of their names in common, and names that are alike.
const (
	namedAfter = 0.03
	namedSame  = 0.002
	namedPart  = 0.1
	namedAlike = 0.02
	generation = 15 // years
)

// relative weighs the same words for two persons of one family: half of them,
// the rarest that agree, are the surnames that they share anyway; of three two, if
// there is a name that differs. Brother and sister with one name in two forms share
// all the others.
func (p *pairing) relative(birthA, birthB int) (bits float64) {
	own := p.found[:p.count]
	for range p.shared() {
		best := 0
		for i := range own {
			if own[i].likelierShared(own[best]) {
				best = i
			}
		}
		bits += own[best].same
		own[best] = own[len(own)-1]
		own = own[:len(own)-1]
	}

	if len(own) == 0 && p.differ == 0 {
		p.same += log2NoName
	}
	for _, word := range own {
		bits += weight(max(word.share, p.namesake(word, birthA, birthB)), word.share)
	}
	return bits
}

// shared counts the words that relatives have in common.
func (p *pairing) shared() int {
	inflected := p.inflected()
	if inflected > 0 {
		return p.count - inflected
	}

	all := min(p.lenA, p.lenB)
	if p.differ > 0 {
		all++
	}
	return min(max(1, all/2), p.count)
}

// inflected counts the words that are one name in the forms of a man and of a woman.
func (p *pairing) inflected() (words int) {
	for _, word := range p.found[:p.count] {
		if word.inflected {
			words++
		}
	}
	return words
}

func (a agreement) likelierShared(than agreement) bool {
	if a.inflected != than.inflected {
		return than.inflected
	}
	return a.same > than.same
}

// namesake is the probability that a relative who was born then has such a name in common
// that is not the family's.
func (p *pairing) namesake(word agreement, birthA, birthB int) float64 {
	years := (birthA - birthB) / 10000
	switch {
	case p.differ > 0:
		return namedPart
	case birthA == 0 || birthB == 0:
		return namedAfter / 2 // half of one's relatives are of another generation
	case years <= -generation || years >= generation:
		return namedAfter
	case word.misspelt:
		return namedAlike
	}
	return namedSame
}
