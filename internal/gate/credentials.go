// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"
)

// credentials reads HTTP Basic, with any number of blanks behind the word. It gives UTF-8.
func credentials(r *http.Request) (id, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}

	plain, err := base64.StdEncoding.DecodeString(strings.TrimLeft(encoded, " \t"))
	if err != nil {
		return "", "", false
	}

	id, password, ok = strings.Cut(string(plain), ":")
	if !ok {
		return "", "", false
	}

	if !utf8.ValidString(id) || !utf8.ValidString(password) {
		id, password = FromLatin1(id), FromLatin1(password)
	}

	return id, password, true
}

// FromLatin1 reads bytes as Latin-1, in which Python clients send all that fits.
func FromLatin1(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}
