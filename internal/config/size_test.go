// SPDX-License-Identifier: GPL-3.0-or-later

package config

import "testing"

func TestSizesAreReadWithTheirUnits(t *testing.T) {
	for text, want := range map[string]Size{
		"0": 0, "8388608": 8 << 20, "12B": 12, "500KiB": 500 << 10, "8MiB": 8 << 20, "1GiB": 1 << 30,
		"1KB": 1000, "2 MB": 2e6, "3GB": 3e9, "9223372036854775807": 1<<63 - 1, "8589934591GiB": (1<<33 - 1) << 30,
	} {
		t.Run(text, func(t *testing.T) {
			if got, err := ParseSize(text); err != nil || got != want {
				t.Errorf("%q is %d, %v; want %d", text, got, err, want)
			}
		})
	}
	for _, text := range []string{"", "MiB", "8M", "8mib", "8MB!", "-1", "+1", "1.5MiB", "1_000", " 8", "8589934592GiB", "9223372036854775808"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestSizesAreWrittenInTheLargestUnit(t *testing.T) {
	for size, want := range map[Size]string{0: "0", 1023: "1023", 1024: "1KiB", 8 << 20: "8MiB", 1536: "1536", 3 << 19: "1536KiB", 1 << 40: "1024GiB"} {
		if got := size.String(); got != want {
			t.Errorf("%d is %s, want %s", int64(size), got, want)
		}
	}
}
