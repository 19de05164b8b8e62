// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size is a number of bytes.
type Size int64

// units has a unit that ends in the name of another one before that.
var units = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
	{"B", 1},
}

// ParseSize reads a whole number of bytes, or of a unit: 8388608, 8MiB, 8 MB.
func ParseSize(text string) (Size, error) {
	number, unit := text, int64(1)
	for _, u := range units {
		if before, ok := strings.CutSuffix(text, u.name); ok {
			number, unit = strings.TrimRight(before, " "), u.bytes
			break
		}
	}

	n, err := strconv.ParseUint(number, 10, 63)
	if err != nil || int64(n) > math.MaxInt64/unit {
		return 0, fmt.Errorf("%q is not a size", text)
	}

	return Size(int64(n) * unit), nil
}

// String writes the size in the largest binary unit without a rest.
func (s Size) String() string {
	for _, u := range []int{2, 1, 0} {
		if unit := Size(units[u].bytes); s != 0 && s%unit == 0 {
			return strconv.FormatInt(int64(s/unit), 10) + units[u].name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}
