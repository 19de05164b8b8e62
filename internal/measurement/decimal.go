// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"math/big"
	"strconv"
	"strings"
)

// The characters of a number: more are no measurement.
const maxNumber = 30

// isPlain reports whether a text is a number that can be read in one way only: with no
// comma, no exponent, and no sign but a minus.
func isPlain(text string) bool {
	whole, fraction, pointed := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if len(text) > maxNumber || !isDigits(whole) || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	return !pointed || isDigits(fraction)
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// plain writes a number of JSON without its exponent; its digits stay as they are, so
// that 68.50 is not 68.5.
func plain(number string) (text string, ok bool) {
	digits, exponent, scaled := strings.Cut(strings.ToLower(number), "e")
	if !scaled || !isPlain(digits) {
		return number, isPlain(number)
	}

	n, err := strconv.Atoi(exponent)
	value, ok := new(big.Rat).SetString(digits)
	if err != nil || !ok || n < -maxNumber || n > maxNumber {
		return "", false
	}

	_, fraction, _ := strings.Cut(digits, ".")
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
	if n < 0 {
		power.Inv(power)
	}
	text = value.Mul(value, power).FloatString(max(0, len(fraction)-n))
	return text, isPlain(text)
}
