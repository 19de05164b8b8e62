// SPDX-License-Identifier: GPL-3.0-or-later

package match

// Distance is the edit distance of two words: it counts the letters that are missing, added,
// wrong or transposed with their neighbour (optimal string alignment).
func Distance(a, b []rune) int {
	var buffer [3][64]int // nearly all words fit
	before, last, row := buffer[0][:], buffer[1][:], buffer[2][:]
	if len(b) >= len(row) {
		before, last, row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}

	for j := range len(b) + 1 {
		last[j] = j
	}

	for i := range a {
		row[0] = i + 1
		for j := range b {
			substitution := 1
			if a[i] == b[j] {
				substitution = 0
			}
			row[j+1] = min(last[j]+substitution, last[j+1]+1, row[j]+1)

			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
