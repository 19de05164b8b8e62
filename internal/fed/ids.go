// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestID is the most that an id may have, in characters.
const LongestID = 255

// CheckNewID refuses, as Invalid, an id that nothing may be created with. What
// others stored under such an id can still be read.
func CheckNewID(id string) error {
	switch {
	case id == "" || id == "." || id == ".." || strings.Contains(id, "/"):
		return Errorf(Invalid, "An id is a text without slashes, and neither . nor .. .")
	case utf8.RuneCountInString(id) > LongestID:
		return Errorf(Invalid, "An id has at most %d characters.", LongestID)
	case !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl):
		return Errorf(Invalid, "An id has no control characters and is UTF-8.")
	}
	return nil
}
