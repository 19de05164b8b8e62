// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"regexp"
	"testing"

	"thalamus/internal/record"
)

func TestAFirstPasswordIsLegibleAndLongEnough(t *testing.T) {
	legible := regexp.MustCompile(`^[acdefhjkmnprtwxy347]{4}(-[acdefhjkmnprtwxy347]{4}){2,}(-[acdefhjkmnprtwxy347]{1,3})?$`)
	for least := range 65 {
		password, err := FirstPassword(least)
		if err != nil {
			t.Fatal(err)
		}
		if !legible.MatchString(password) || len(password) < least || len(password) > max(14, least+1) {
			t.Errorf("at least %d: %s", least, password)
		}
		if err := (record.PasswordRules{MinLength: least}).CheckNew("ANA", password); err != nil {
			t.Errorf("at least %d: %s: %v", least, password, err)
		}
	}
}

func TestNoTwoFirstPasswordsAreTheSameAndEachCharacterComes(t *testing.T) {
	seen, characters := map[string]bool{}, map[rune]int{}
	for range 1000 {
		password, err := FirstPassword(0)
		if err != nil {
			t.Fatal(err)
		}
		if seen[password] {
			t.Errorf("%s came twice", password)
		}
		seen[password] = true
		for _, c := range password {
			characters[c]++
		}
	}
	for _, c := range passwordAlphabet {
		if n := characters[c]; n < 400 || n > 900 { // 632 are to be expected
			t.Errorf("%c came %d times", c, n)
		}
	}
}
