// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"encoding/json"
	"slices"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func TestThePasswordsOfAllAccountsAreListed(t *testing.T) {
	t.Parallel()
	f, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	ids, err := Accounts()
	if err != nil || len(ids) == 0 {
		t.Fatalf("%q, %v", ids, err)
	}
	for _, person := range f.People {
		var account struct{ Password string }
		if err := json.Unmarshal(person.Data, &account); err != nil {
			t.Fatal(err)
		}
		fits := func(password string) bool {
			return bcrypt.CompareHashAndPassword([]byte(account.Password), []byte(password)) == nil
		}
		if has := account.Password != ""; has != slices.Contains(ids, person.ID) || has != slices.ContainsFunc(Passwords, fits) {
			t.Errorf("%s: has a password: %t; accounts: %q", person.ID, has, ids)
		}
	}
}
