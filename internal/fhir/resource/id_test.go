// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// allowed is the form of an id of FHIR.
var allowed = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)

func TestAnIDIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[A-Za-z0-9._ñ/ -]{1,90}`).Draw(t, "id")
		for name, one := range map[string]struct {
			write func(string) string
			read  func(string) (Name, bool)
		}{"a record": {ID, ReadID}, "a page": {PageID, ReadPageID}} {
			text := one.write(id)
			got, ok := one.read(text)
			if want := (Name{ID: id}); !ok || !allowed.MatchString(text) || got != want && got != (Name{Digest: digest(id)}) {
				t.Errorf("%s %q is %q, and %v", name, id, text, got)
			}
		}
	})
}

// A digest is for ids that have no room only.
func TestAnIDThatHasRoomIsEscaped(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{ID("SPAIN-GRAL_HOSPITAL"), "SPAIN-GRAL.5FHOSPITAL"}, {ID("a.b"), "a.2Eb"}, {ID("ñ"), ".C3.B1"},
		{ID(strings.Repeat("x", 64)), strings.Repeat("x", 64)}, {ID(strings.Repeat("x", 65)), ".." + digest(strings.Repeat("x", 65))},
		{PageID("0ab1170e-06d1-4c2a-95f1-4986270d65ed"), "0ab1170e-06d1-4c2a-95f1-4986270d65ed"},
		{PageID(strings.Repeat("_", 12)), strings.Repeat(".5F", 12)}, {PageID(strings.Repeat("_", 13)), ".." + digest("_____________")},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

// Two texts for one resource would be two resources.
func TestAnIDHasOneForm(t *testing.T) {
	for _, text := range []string{
		"", ".41", ".5f", ".5", ".", "a_b", "ñ", "a b", ".00", ".FF", "..", "..0123", "..0123456789ABCDEF0123456789ABCDEF",
		strings.Repeat("x", 65), strings.Repeat("x", 100), "a/b",
	} {
		if name, ok := ReadID(text); ok {
			t.Errorf("%q is read as %v", text, name)
		}
	}
	if name, ok := ReadPageID(strings.Repeat("x", 37)); ok {
		t.Errorf("the id of a page that has no room for its observations is read as %v", name)
	}
}

func TestAnObservationsIDNamesItsPage(t *testing.T) {
	for _, page := range []string{"0ab1170e-06d1-4c2a-95f1-4986270d65ed", strings.Repeat("_", 90), "p.-0bp"} {
		for _, path := range []string{"bp", "mood_energy.energy", strings.Repeat("ñ", 90), "2h"} {
			id := observationID(PageID(page), 9999, path)
			name, ok := ReadPageID(id)
			whole, _ := ReadPageID(PageID(page))
			if !ok || name != whole || !allowed.MatchString(id) {
				t.Errorf("%s of %s is %q, %v", path, page, id, name)
			}
		}
	}
}

// A number before a digit would be another number.
func TestPlacesInAPageAreApart(t *testing.T) {
	if one, other := observationID("p", 1, "2x"), observationID("p", 12, "x"); one == other {
		t.Errorf("both are %s", one)
	}
}
