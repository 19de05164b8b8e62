// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
)

const tail = "cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW"

func TestIsHash(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"$2a$12$" + tail: true, "$2b$04$" + tail: true, "$2y$31$" + tail: true,
		"$2x$12$" + tail: false, "$2b$03$" + tail: false, "$2b$12$" + tail[1:]: false, "$2b$12$" + tail + "a": false,
		"$2b$1$" + tail: false, " $2b$12$" + tail: false, "$2b$12$" + tail + "\n": false, "plaintext": false, "": false,
	} {
		if got := IsHash(text); got != want {
			t.Errorf("IsHash(%q) = %t", text, got)
		}
	}
}

func TestCheckHash(t *testing.T) {
	t.Parallel()
	p := Passwords{Cost: 12}
	if err := p.CheckHash("$2b$12$" + tail); err != nil {
		t.Error(err)
	}
	if err := p.CheckHash("$2b$13$" + tail); fed.KindOf(err) != fed.Invalid {
		t.Errorf("a dearer hash gave %v", err)
	}
}

func TestCheckNew(t *testing.T) {
	t.Parallel()
	p := Passwords{Cost: 4, MinLength: 8}
	for password, want := range map[string]bool{
		"correct horse": true, strings.Repeat("p", 64): true, "ñandú☃😀x": true,
		"short12": false, "ñandú☃😀": false, "espgnu777org": false, "Password123": false, "12345678": false,
		strings.Repeat("p", 65): false, strings.Repeat("€", 25): false, "with\x00nul..": false, "latin\xf1....": false,
		"with\ttabs\t": false, "with\u0085lines": false, "        ": false, "\u00a0\u3000       ": false, " a  b  c ": true,
		strings.Repeat("n\u0303", 36): true, strings.Repeat("n\u0303", 37): false, "n\u0303n\u0303n\u0303n\u0303": false,
	} {
		if err := p.CheckNew("ESPGNU777ORG", password); (err == nil) != want {
			t.Errorf("CheckNew(%q) = %v, want success %t", password, err, want)
		}
	}
}

func TestHashFits(t *testing.T) {
	t.Parallel()
	hash, err := Passwords{Cost: 4}.Hash("correct horse")
	if err != nil || costOf(hash) != 4 {
		t.Fatalf("%s, %v", hash, err)
	}
	v := newBench(t, nil)
	if !v.fits(hash, "correct horse") || v.fits(hash, "battery staple") || v.fits("", "") {
		t.Error("the hash fits the wrong password, or not its own")
	}
}

// Keyboards send a letter with its accent as one character or as two.
func TestAPasswordIsTheSameInBothSpellingsOfItsLetters(t *testing.T) {
	t.Parallel()
	const composed, decomposed = "\u00f1and\u00fa pass", "n\u0303andu\u0301 pass"
	python := hashOf(t, decomposed, 4) // which hashes as it was sent
	for typed := range map[string]bool{composed: true, decomposed: true} {
		hash, err := Passwords{Cost: 4}.Hash(typed)
		if err != nil {
			t.Fatal(err)
		}
		b := newBench(t, map[string]fed.Credentials{"ANA": {Hash: hash}, "BEN": {Hash: python}})
		for password, want := range map[string]fed.Kind{composed: -1, decomposed: -1, "nandu pass": fed.Unauthenticated} {
			if got := b.login(t, phone, "ANA", password); got != want {
				t.Errorf("%q hashed, %q sent: kind %d", typed, password, got)
			}
		}
		if got := b.login(t, phone, "BEN", decomposed); got != -1 {
			t.Errorf("hashed and sent in two: kind %d", got)
		}
	}
}
