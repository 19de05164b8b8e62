// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"strings"
	"testing"
	"time"
)

// Each word of the federation has its code, in letters of either size; another word is carried as text only.
func TestWordsOfAPersonHaveTheirCodes(t *testing.T) {
	for _, c := range []struct{ member, words, want string }{
		{"marital_status", "single s Single", `"code":"S","display":"Never Married"`},
		{"marital_status", "married m", `"code":"M","display":"Married"`},
		{"marital_status", "concubinage c", `"code":"T","display":"Domestic partner"`},
		{"marital_status", "widowed w", `"code":"W","display":"Widowed"`},
		{"marital_status", "divorced d D", `"code":"D","display":"Divorced"`},
		{"marital_status", "separated x", `"code":"L","display":"Legally Separated"`},
		{"marital_status", "odd", `"maritalStatus":{"text":"odd"}`},
		{"gender", "m", `"gender":"male"`},
		{"gender", "f", `"gender":"female"`},
		{"gender", "nb other", `"gender":"other"`},
		{"gender", "nd", `"gender":"unknown"`},
	} {
		for word := range strings.FieldsSeq(c.words) {
			person := stored("A", `{"`+c.member+`": "`+word+`"}`)
			if got := string(Patient(person, nil, time.UTC).JSON(nil)); !strings.Contains(got, c.want) {
				t.Errorf("%s %s: %s, want %s", c.member, word, got, c.want)
			}
		}
	}
}
