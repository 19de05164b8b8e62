// SPDX-License-Identifier: GPL-3.0-or-later

package chart

import (
	"math"
	"strconv"
)

// The smallest part of the largest value that the height of a chart stands for: without
// it, 70.1 and 70.2 kg would look like a fall.
const leastSpan = 0.05

// valueAxis is the scale of the values, with a grid line at each multiple of step.
type valueAxis struct {
	first, last int // the ends, in steps
	step        float64
	decimals    int // of the texts
}

func newValueAxis(low, high float64) valueAxis {
	positive := low >= 0
	least := leastSpan * max(math.Abs(low), math.Abs(high))
	if least == 0 {
		least = 1
	}
	if lack := least - (high - low); lack > 0 {
		low, high = low-lack/2, high+lack/2
	}
	if positive && low < 0 {
		low, high = 0, high-low
	}

	step, decimals := niceStep((high - low) / 4)
	return valueAxis{int(math.Floor(low / step)), int(math.Ceil(high / step)), step, decimals}
}

// niceStep gives the smallest of 1, 2 and 5 times a power of ten that is at least so
// much, and the decimals that its multiples have.
func niceStep(least float64) (step float64, decimals int) {
	exponent := int(math.Floor(math.Log10(least)))
	power := math.Pow10(exponent)
	for _, n := range []float64{1, 2, 5} {
		if n*power >= least {
			return n * power, max(0, -exponent)
		}
	}
	return math.Pow10(exponent + 1), max(0, -exponent-1)
}

// percent gives the height of a value, from the top.
func (y valueAxis) percent(value float64) float64 {
	return 100 * (float64(y.last) - value/y.step) / float64(y.last-y.first)
}

// text gives what stands at a number of steps. Numbers that no body has are shortened.
func (y valueAxis) text(steps int) string {
	value := float64(steps) * y.step
	if math.Abs(value) >= 1e6 {
		return strconv.FormatFloat(value, 'g', 3, 64)
	}
	return strconv.FormatFloat(value, 'f', y.decimals, 64)
}
