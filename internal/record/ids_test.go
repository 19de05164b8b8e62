// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

func TestUpperCaseIsThatOfUnicode(t *testing.T) {
	for text, want := range map[string]string{
		"espgnu777org": "ESPGNU777ORG", "ESPGNU777ORG": "ESPGNU777ORG", "": "", "a\"b": "A\"B",
		"ñandú": "ÑANDÚ", "straße": "STRASSE", "ǆ": "Ǆ", "ıi": "II", "07-x_": "07-X_",
	} {
		t.Run(text, func(t *testing.T) {
			if got := record.Upper(text); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		})
	}
}

func TestASCIIHasLettersWithoutAccents(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a b.pdf": "a b.pdf", "ñandú Å": "nandu A", "e\u0301": "e", "straße": "stra_e", "日本": "__", "a\x00\n\x7f~": "a___~", "／": "_", "\xff": "_", "\u0301": "",
	} {
		t.Run(text, func(t *testing.T) {
			if got := record.ASCII(text); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		})
	}
}

// unusable are ids that no record may have.
var unusable = []string{
	"", ".", "..", "a/b", "a\x00b", "a\nb", "a\u007fb", "a\u0085b", "\xff", strings.Repeat("X", 256), strings.Repeat("Ñ", 256),
	" A", "A ", "A\u00a0", "\u3000A", "A\u2028", "A\u200bB", "A\u200d", "\ufeffA", "A\u202eB", "A\u2060", "A\u00adB", "A\U000e0041",
	"N\u0303", "\u212a", // in NFC both are other characters
}

func TestAnIDThatLooksLikeAnotherIsRefused(t *testing.T) {
	for _, id := range unusable {
		if err := record.CheckNewID(id); fed.KindOf(err) != fed.Invalid {
			t.Errorf("%q: got %v", id, err)
		}
		if _, err := record.NewPersonID(id); fed.KindOf(err) != fed.Invalid {
			t.Errorf("person %q: got %v", id, err)
		}
	}
}

// NFKC would make a person's id another one.
func TestAPersonsIDIsNotOnlyTypesetOtherwise(t *testing.T) {
	for _, id := range []string{"ＡRGBUE111FAV", "ａRGBUE111FAV", "ARG\u00a0BUE", "Ⅻ", "ﬁ1", "A²", "①"} {
		if err := record.CheckNewID(id); err != nil {
			t.Errorf("a page %q: %v", id, err)
		}
	}

	for _, id := range []string{"ＡRGBUE111FAV", "ａRGBUE111FAV", "ARG\u00a0BUE", "ⅻ", "A²", "①", "ŀ"} {
		if _, err := record.NewPersonID(id); fed.KindOf(err) != fed.Invalid {
			t.Errorf("a person %q: got %v", id, err)
		}
	}

	for text, want := range map[string]string{
		"espgnu777org": "ESPGNU777ORG", "ñ": "Ñ", "a b": "A B", "☃😀": "☃😀", "ﬁ1": "FI1", // upper case comes first
		strings.Repeat("Ñ", 255): strings.Repeat("Ñ", 255),
	} {
		t.Run(text, func(t *testing.T) {
			if got, err := record.NewPersonID(text); got != want || err != nil {
				t.Errorf("%q: got %q, %v", text, got, err)
			}
		})
	}
}
