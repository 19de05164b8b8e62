// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"math"
	"slices"
	"time"
)

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile gives the value that a share q of the values does not exceed.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}

// median is between the two in the middle when there are two.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// sameDistribution is the probability that chance alone makes two samples of
// one distribution differ as much as these: the two-sided test of Mann and
// Whitney, with the normal approximation, good from about eight values each.
// It asks for order only, and so is not led astray by a few slow replies.
func sameDistribution(a, b []float64) float64 {
	rankSum, ties := rank(a, b)
	n, m := float64(len(a)), float64(len(b))
	u := rankSum - n*(n+1)/2
	sigma := math.Sqrt(n * m / 12 * (n + m + 1 - ties/((n+m)*(n+m-1))))
	if sigma == 0 || math.IsNaN(sigma) {
		return 1
	}
	distance := max(0, math.Abs(u-n*m/2)-0.5) // 0.5: u is whole, the normal distribution is not
	return math.Erfc(distance / sigma / math.Sqrt2)
}

// rank gives the sum of a's ranks among the values of both, where equal values
// share theirs, and the sum of t³-t over the groups of t equal values.
func rank(a, b []float64) (sum, ties float64) {
	type value struct {
		v     float64
		fromA bool
	}
	var all []value
	for _, v := range a {
		all = append(all, value{v, true})
	}
	for _, v := range b {
		all = append(all, value{v, false})
	}
	slices.SortFunc(all, func(x, y value) int {
		if x.v < y.v {
			return -1
		} else if x.v > y.v {
			return 1
		}
		return 0
	})
	for i := 0; i < len(all); {
		end := i
		for end < len(all) && all[end].v == all[i].v {
			end++
		}
		t := float64(end - i)
		ties += t*t*t - t
		for ; i < end; i++ {
			if all[i].fromA {
				sum += float64(end) - (t-1)/2 // ranks begin with 1
			}
		}
	}
	return sum, ties
}
