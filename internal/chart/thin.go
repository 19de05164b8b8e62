// SPDX-License-Identifier: GPL-3.0-or-later

package chart

// The columns of a chart, of about two pixels where there is much room.
const columns = 400

// thinned leaves of the points within a column the first, the lowest, the highest and
// the last, through which a line looks the same as through all (known as M4).
func (x timeAxis) thinned(points []Point) (left []Point) {
	for start := 0; start < len(points); {
		end := start
		for end < len(points) && x.column(points[end]) == x.column(points[start]) {
			end++
		}
		left = appendEdges(left, points[start:end])
		start = end
	}
	return left
}

func (x timeAxis) column(p Point) int { return int(x.percent(p.Time) * columns / 100) }

func appendEdges(left, column []Point) []Point {
	low, high := 0, 0
	for i, p := range column {
		if p.Value < column[low].Value {
			low = i
		}
		if p.Value > column[high].Value {
			high = i
		}
	}

	for i, p := range column {
		if i == 0 || i == low || i == high || i == len(column)-1 {
			left = append(left, p)
		}
	}
	return left
}
