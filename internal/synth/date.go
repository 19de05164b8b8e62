// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"math/rand/v2"
	"time"
)

// addDays gives the day so many days later.
func addDays(date string, days int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.AddDate(0, 0, days).Format(time.DateOnly)
}

// swapDayAndMonth swaps them if the day can be a month.
func swapDayAndMonth(date string) string {
	if len(date) != len(time.DateOnly) || date[8:] > "12" {
		return date
	}
	return date[:5] + date[8:] + "-" + date[5:7]
}

// changeDigit replaces the last digit of the year or of the day, so that the result is
// still a date.
func changeDigit(r *rand.Rand, date string) string {
	if len(date) != len(time.DateOnly) {
		return date
	}

	for {
		digits := []byte(date)
		digits[[]int{3, 9}[r.IntN(2)]] = "0123456789"[r.IntN(10)]
		_, err := time.Parse(time.DateOnly, string(digits))
		if err != nil || string(digits) == date {
			continue
		}
		return string(digits)
	}
}
