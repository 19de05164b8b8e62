// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

const tail = "cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW"

func TestHashFits(t *testing.T) {
	t.Parallel()
	hash, err := Hash("correct horse", 4)
	if err != nil || record.HashCost(hash) != 4 {
		t.Fatalf("%s, %v", hash, err)
	}

	v := newFixture(t, nil)
	if !v.fits(hash, "correct horse") || v.fits(hash, "battery staple") || v.fits("", "") {
		t.Error("the hash fits the wrong password, or not its own")
	}
}

// Keyboards send a letter with its accent as one character or as two.
func TestAPasswordIsTheSameInBothSpellingsOfItsLetters(t *testing.T) {
	t.Parallel()
	const composed, decomposed = "\u00f1and\u00fa pass", "n\u0303andu\u0301 pass"
	python := hashOf(t, decomposed, 4) // the Python server hashes it as it was sent

	for typed := range map[string]bool{composed: true, decomposed: true} {
		t.Run(typed, func(t *testing.T) {
			hash, err := Hash(typed, 4)
			if err != nil {
				t.Fatal(err)
			}

			f := newFixture(t, map[string]fed.Credentials{"ANA": {Hash: hash}, "BEN": {Hash: python}})
			for password, want := range map[string]fed.Kind{composed: -1, decomposed: -1, "nandu pass": fed.Unauthenticated} {
				if got := f.login(t, phone, "ANA", password); got != want {
					t.Errorf("%q hashed, %q sent: kind %d", typed, password, got)
				}
			}

			if got := f.login(t, phone, "BEN", decomposed); got != -1 {
				t.Errorf("hashed and sent in two: kind %d", got)
			}
		})
	}
}
