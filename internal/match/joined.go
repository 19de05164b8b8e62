// SPDX-License-Identifier: GPL-3.0-or-later

package match

// mostJoined is how many words one word may be written as: de la Cruz.
const mostJoined = 3

// joined pairs a word of one with several of the other that are it, written apart:
// Delacruz, Jean-Luc. It gives by how many these are more than the words they are.
func (p *pairing) joined(one, other []word, usedOne, usedOther *[mostWords]bool) (more int) {
	for i := range one {
		for j := range other {
			if usedOne[i] {
				break
			}
			parts, errors := partsOf(&one[i], other[j:], usedOther[j:])
			if parts == 0 {
				continue
			}
			p.agreeJoined(&one[i], other[j:j+parts], errors)
			usedOne[i], more = true, more+parts-1
			for n := range parts {
				usedOther[j+n] = true
			}
		}
	}
	return more
}

// partsOf counts the first words that a word is when they are joined, with few
// errors; 0 if it is not.
func partsOf(whole *word, words []word, used []bool) (parts, errors int) {
	const most = 2 // errors
	var joined word
	var room [64]rune
	joined.letters = room[:0]
	for n := range min(mostJoined, len(words)) {
		if used[n] || len(joined.letters)+len(words[n].letters) > len(whole.letters)+most {
			break
		}
		joined.letters = append(joined.letters, words[n].letters...)
		joined.kinds |= words[n].kinds
		if n == 0 {
			continue
		}
		if errors := whole.errors(&joined); errors == 0 || errors > 0 && len(whole.letters) >= 6 {
			return n + 1, errors
		}
	}
	return 0, 0
}

// agreeJoined weighs a name as often as the rarest of its parts is seen.
func (p *pairing) agreeJoined(whole *word, parts []word, errors int) {
	share := 1.0
	for i := range parts {
		share = min(share, parts[i].share)
	}
	share = max(share, whole.share)
	letters := len(whole.letters)
	if errors > 0 {
		share = min(share+alike(letters, errors), 1)
	}
	degree := 1 - 0.9*float64(errors)/float64(letters)
	p.take(agreement{share: share, same: bits(wordIsJoined, share), misspelt: errors > 0}, degree*float64(1+len(parts))/2)
}
