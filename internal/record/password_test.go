// SPDX-License-Identifier: GPL-3.0-or-later

package record_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

const tail = "cjrKVGYEKUwCmVDCtEnwcegcrmECTmeBz526AAD/ZqMGPWFpHJ4FW"

func TestIsHash(t *testing.T) {
	for text, want := range map[string]bool{
		"$2a$12$" + tail: true, "$2b$04$" + tail: true, "$2y$31$" + tail: true,
		"$2x$12$" + tail: false, "$2b$03$" + tail: false, "$2b$12$" + tail[1:]: false, "$2b$12$" + tail + "a": false,
		"$2b$1$" + tail: false, " $2b$12$" + tail: false, "$2b$12$" + tail + "\n": false, "plaintext": false, "": false,
	} {
		t.Run(text, func(t *testing.T) {
			if got := record.IsHash(text); got != want {
				t.Errorf("IsHash(%q) = %t", text, got)
			}
		})
	}
}

func TestCheckHash(t *testing.T) {
	p := record.PasswordRules{Cost: 12}
	if err := p.CheckHash("$2b$12$" + tail); err != nil {
		t.Error(err)
	}

	if err := p.CheckHash("$2b$13$" + tail); fed.KindOf(err) != fed.Invalid {
		t.Errorf("a dearer hash gave %v", err)
	}
}

func TestCheckNew(t *testing.T) {
	p := record.PasswordRules{Cost: 4, MinLength: 8}
	for password, want := range map[string]bool{
		"correct horse": true, strings.Repeat("p", 64): true, "ñandú☃😀x": true,
		"short12": false, "ñandú☃😀": false, "espgnu777org": false, "Password123": false, "12345678": false,
		strings.Repeat("p", 65): false, strings.Repeat("€", 25): false, "with\x00nul..": false, "latin\xf1....": false,
		"with\ttabs\t": false, "with\u0085lines": false, "        ": false, "\u00a0\u3000       ": false, " a  b  c ": true,
		strings.Repeat("n\u0303", 36): true, strings.Repeat("n\u0303", 37): false, "n\u0303n\u0303n\u0303n\u0303": false,
	} {
		t.Run(password, func(t *testing.T) {
			if err := p.CheckNew("ESPGNU777ORG", password); (err == nil) != want {
				t.Errorf("CheckNew(%q) = %v, want success %t", password, err, want)
			}
		})
	}
}

func TestReadPassword(t *testing.T) {
	hash := "$2b$12$" + tail
	for value, want := range map[string]record.Password{
		"": {}, "null": {}, `""`: {}, `"plain"`: {Text: "plain"}, `"` + hash + `"`: {Text: hash, Hashed: true},
	} {
		t.Run(value, func(t *testing.T) {
			if got, err := record.ReadPassword(valueOf(value)); got != want || err != nil {
				t.Errorf("%s is read as %v, %v", value, got, err)
			}
		})
	}

	for _, value := range []string{"5", "true", "[]", `{"a":1}`} {
		if _, err := record.ReadPassword([]byte(value)); fed.KindOf(err) != fed.Invalid {
			t.Errorf("%s: %v", value, err)
		}
	}

	for p, plain := range map[record.Password]bool{{}: false, {Text: "x"}: true, {Text: hash, Hashed: true}: false} {
		if p.Plain() != plain {
			t.Errorf("%v is plain: %t", p, p.Plain())
		}
	}
}
