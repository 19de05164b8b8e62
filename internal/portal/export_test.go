// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"slices"
	"strings"
	"unicode"
)

// PseudoTag is the language that tests show pages in: the English texts with an accent on
// each letter and 40 % longer, from right to left.
const PseudoTag = "ar-XB"

// OfferPseudo adds the pseudo-language to those that are offered.
func OfferPseudo() { offered = append(offered, pseudo(offered[0])) }

func pseudo(of catalogue) catalogue {
	made := catalogue{Tag: PseudoTag, texts: map[string]string{}}
	for key, text := range of.texts {
		made.texts[key] = pseudoText(text)
	}
	made.texts["language.direction"] = "rtl"
	return made
}

// pseudoText leaves the placeholders as they are.
func pseudoText(text string) string {
	at, b := placeholder.FindAllStringIndex(text, -1), strings.Builder{}
	for i, r := range text {
		b.WriteRune(r)
		inside := slices.ContainsFunc(at, func(p []int) bool { return p[0] <= i && i < p[1] })
		if !inside && unicode.IsLetter(r) {
			b.WriteRune('\u0301')
		}
	}
	b.WriteString(strings.Repeat(" lorem", 1+len(text)*4/10/len(" lorem")))
	return b.String()
}

// ReadNext is readNext.
func ReadNext(text string) string { return readNext(text) }

// MemberKeys are the keys of pages that the portal knows.
func MemberKeys() []string {
	keys := slices.Clone(headMembers)
	for _, m := range namedMembers {
		keys = append(keys, m.key)
	}
	return keys
}

// IsNamed reports whether a kind of pages has a name in each language.
func IsNamed(kind string) bool { return kindLabel(kind).Name.Key != "" }
