// SPDX-License-Identifier: GPL-3.0-or-later

package store

// candidate is a person whose words were found.
type candidate struct {
	id    string
	score float64
	extra int // words beside those that were asked for
}

// score compares a person's words with those that were asked for. Each of these counts
// by how similar the person's nearest word is, and by its weight.
func (q *searchQuery) score(id string, has []string) candidate {
	c := candidate{id: id, extra: len(has)}
	total, whole := 0.0, q.matchJoined(&c, has)
	for i, word := range q.terms {
		total += word.weight
		if whole[i] {
			c.score += word.weight
			continue
		}

		best := 0.0
		for _, h := range has {
			best = max(best, word.similarity(h))
		}

		if best > 0 {
			c.extra--
		}

		c.score += best * word.weight
	}

	c.score /= total
	return c
}

// matchJoined finds the words that were asked for and that a person has joined or split
// in another way. It takes those, and bigrams of a run, from the extra ones.
func (q *searchQuery) matchJoined(c *candidate, has []string) (whole []bool) {
	whole = make([]bool, len(q.terms))
	for i, word := range has {
		if q.bigrams[word] {
			c.extra--
		}

		text := ""
		for n, part := range has[i:min(i+maxJoined, len(has))] {
			text += part
			as := q.joins[text]
			if as.count+n < 2 || as.count == 0 || whole[as.first] {
				continue
			}

			for typed := range as.count {
				whole[as.first+typed] = true
			}

			c.extra -= n + 1
		}
	}

	return whole
}
