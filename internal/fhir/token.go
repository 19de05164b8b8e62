// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"slices"
	"strings"

	"thalamus/internal/fhir/resource"
)

// token is a value of a token parameter: a code, its system, or both.
type token struct {
	system    string
	anySystem bool // no system was named; else "" is none
	code      string
}

// readTokens reads the values of a token parameter, of which one has to fit.
func readTokens(value string) (all []token, ok bool) {
	for _, text := range splitEscaped(value, ',') {
		parts := splitEscaped(text, '|')
		one := token{code: unescapeValue(parts[len(parts)-1])}
		switch len(parts) {
		case 1:
			one.anySystem = true
		case 2:
			one.system = unescapeValue(parts[0])
		default:
			return nil, false
		}

		if one.code == "" && one.system == "" {
			return nil, false
		}
		all = append(all, one)
	}
	return all, true
}

// fits reports whether a coding is what is asked for.
func (t token) fits(c resource.Coding) bool {
	return (t.anySystem || t.system == c.System) && (t.code == "" || t.code == c.Code)
}

// fitsAny reports whether one of the codings is one of the tokens.
func fitsAny(tokens []token, codings []resource.Coding) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return slices.ContainsFunc(codings, t.fits) })
}

// splitEscaped splits a value where the separator has no backslash before it.
func splitEscaped(value string, separator byte) (parts []string) {
	begun := 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case separator:
			parts = append(parts, value[begun:i])
			begun = i + 1
		}
	}
	return append(parts, value[begun:])
}

var unescaper = strings.NewReplacer(`\,`, `,`, `\|`, `|`, `\$`, `$`, `\\`, `\`)

func unescapeValue(text string) string { return unescaper.Replace(text) }
