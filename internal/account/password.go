// SPDX-License-Identifier: GPL-3.0-or-later

package account

import (
	"crypto/rand"
	"math/big"
)

// passwordAlphabet are letters and digits of which no two look alike, also in handwriting.
const passwordAlphabet = "acdefhjkmnprtwxy347"

// FirstPassword makes a password to be printed and handed out, like kxmp-3n7a-w4fh: of least
// characters, and at least three groups, that is 50 bits.
func FirstPassword(least int) (string, error) {
	const group, groups = 4, 3
	password := make([]byte, 0, least+group)
	for i := 0; i < group*groups || len(password) < least; i++ {
		if i > 0 && i%group == 0 {
			password = append(password, '-')
		}

		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(passwordAlphabet))))
		if err != nil {
			return "", err
		}

		password = append(password, passwordAlphabet[n.Int64()])
	}

	return string(password), nil
}
