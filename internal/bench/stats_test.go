// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"math"
	"testing"
)

func TestQuantiles(t *testing.T) {
	values := []float64{4, 1, 3, 2}
	for q, want := range map[float64]float64{0: 1, 0.25: 1, 0.26: 2, 0.5: 2, 0.99: 4, 1: 4} {
		if got := quantile(values, q); got != want {
			t.Errorf("%g is %g, want %g", q, got, want)
		}
	}
	if got := median(values); got != 2.5 {
		t.Errorf("median of an even number is %g", got)
	}
	if got := median(values[:3]); got != 3 {
		t.Errorf("median of an odd number is %g", got)
	}
	if values[0] != 4 {
		t.Error("the values were sorted in place")
	}
	if !math.IsNaN(median(nil)) || !math.IsNaN(quantile(nil, 0.5)) {
		t.Error("nothing has a median")
	}
}

// TestSameDistribution has values that another program worked out, to six places.
func TestSameDistribution(t *testing.T) {
	for _, tt := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8}, []float64{9, 10, 11, 12, 13, 14, 15, 16}, 0.000939},
		{[]float64{9, 10, 11, 12, 13, 14, 15, 16}, []float64{1, 2, 3, 4, 5, 6, 7, 8}, 0.000939},
		{[]float64{1, 3, 5, 7}, []float64{2, 4, 6, 8}, 0.665006},
		{[]float64{1, 1, 2, 2}, []float64{2, 2, 3, 3}, 0.086359},
		{[]float64{5, 5, 5}, []float64{5, 5, 5}, 1},
		{nil, []float64{1}, 1},
	} {
		if got := sameDistribution(tt.a, tt.b); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%v and %v: %.7f, want %.7f", tt.a, tt.b, got, tt.want)
		}
	}
}
