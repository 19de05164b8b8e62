// SPDX-License-Identifier: GPL-3.0-or-later

package store

// candidate is a person whose words were found.
type candidate struct {
	id    string
	score float64
	extra int // words that were not asked for
}

// rate compares a person's words with those that were asked for. Each of these counts
// by how much the person has it, and by how telling it is.
func (q *question) rate(id string, has []string) candidate {
	c := candidate{id: id, extra: len(has)}
	total, whole := 0.0, q.joined(&c, has)
	for i, word := range q.typed {
		total += word.weight
		if whole[i] {
			c.score += word.weight
			continue
		}

		best := 0.0
		for _, h := range has {
			best = max(best, word.like(h))
		}

		if best > 0 {
			c.extra--
		}

		c.score += best * word.weight
	}

	c.score /= total
	return c
}

// joined says which of the words that were asked for a person has, but joined or split
// in another way, and takes those words, and neighbours in a run, from the extra ones.
func (q *question) joined(c *candidate, has []string) (whole []bool) {
	whole = make([]bool, len(q.typed))
	for i, word := range has {
		if q.neighbours[word] {
			c.extra--
		}

		text := ""
		for n, part := range has[i:min(i+mostJoined, len(has))] {
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
