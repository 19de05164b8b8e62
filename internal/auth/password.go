// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"fmt"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/record"
)

// Hash makes the bcrypt hash, of this cost, of a password that the rules allow, in its
// composed form.
func Hash(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(record.NFC(password)), cost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return string(hash), nil
}
