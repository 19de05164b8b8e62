// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import "encoding/json"

// Marker is the file by which a directory is known to be a demo's.
const Marker = "made-by-thalamus-demo"

// Passwords are those of the demo's accounts, which everybody knows.
var Passwords = []string{"gnusolidario", "freedom"}

// Accounts lists the persons of the demo who can log in.
func Accounts() (ids []string, err error) {
	f, err := Load()
	if err != nil {
		return nil, err
	}

	for _, person := range f.People {
		var account struct{ Password string }
		if err := json.Unmarshal(person.Data, &account); err != nil {
			return nil, err
		}

		if account.Password != "" {
			ids = append(ids, person.ID)
		}
	}

	return ids, nil
}
