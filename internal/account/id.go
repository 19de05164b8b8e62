// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"errors"
	"strings"

	"thalamus/internal/record"
)

// NewID gives the id of a new account, as record.NewPersonID does of a person. It has no colon:
// HTTP Basic sends the account and the password with a colon between them, so that such an
// account could never log in.
func NewID(text string) (string, error) {
	if strings.Contains(text, ":") {
		return "", errors.New("an account with a colon in its id could never log in")
	}
	return record.NewPersonID(text)
}
