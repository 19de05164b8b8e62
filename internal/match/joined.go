// SPDX-License-Identifier: GPL-3.0-or-later

package match

// maxParts is how many words one word may be written as: de la Cruz.
const maxParts = 3

// pairJoined pairs a word of one with several words of the other that are the same written
// apart: Delacruz, Jean-Luc. It counts by how many the parts are more than the words.
func (p *pairing) pairJoined(one, other []word, usedOne, usedOther *[maxWords]bool) (more int) {
	for i := range one {
		for j := range other {
			if usedOne[i] {
				break
			}
			parts, errors := partsOf(&one[i], other[j:], usedOther[j:])
			if parts == 0 {
				continue
			}

			p.addJoined(&one[i], other[j:j+parts], errors)
			usedOne[i], more = true, more+parts-1
			for n := range parts {
				usedOther[j+n] = true
			}
		}
	}
	return more
}

// partsOf counts the first words that make up a word when they are joined, with few
// errors; 0 if they do not.
func partsOf(whole *word, words []word, used []bool) (parts, errors int) {
	const maxErrors = 2
	var joined word
	var buffer [64]rune
	joined.letters = buffer[:0]

	for n := range min(maxParts, len(words)) {
		if used[n] || len(joined.letters)+len(words[n].letters) > len(whole.letters)+maxErrors {
			break
		}
		joined.letters = append(joined.letters, words[n].letters...)
		joined.letterSet |= words[n].letterSet
		if n == 0 {
			continue
		}

		errors := whole.errors(&joined)
		if errors == 0 || errors > 0 && len(whole.letters) >= 6 {
			return n + 1, errors
		}
	}
	return 0, 0
}

// addJoined adds an agreement that is as frequent as the rarest of its parts.
func (p *pairing) addJoined(whole *word, parts []word, errors int) {
	share := 1.0
	for i := range parts {
		share = min(share, parts[i].share)
	}
	share = max(share, whole.share)

	letters := len(whole.letters)
	if errors > 0 {
		share = min(share+misspeltShare(letters, errors), 1)
	}
	degree := 1 - 0.9*float64(errors)/float64(letters)
	p.add(agreement{share: share, same: weight(wordIsJoined, share), misspelt: errors > 0}, degree*float64(1+len(parts))/2)
}
