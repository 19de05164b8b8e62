// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// aead seals for those who have the secret: AES-256-GCM with a key that is derived from it.
func (s secret) aead() cipher.AEAD {
	const keySize = 32
	key, err := hkdf.Key(sha256.New, s[:], nil, "thalamus draft", keySize)
	if err != nil {
		panic(err) // of a key that is too long
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // of a key of another size
	}
	sealer, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // of a block of another size
	}
	return sealer
}

// seal encrypts a text of an account.
func (s secret) seal(account string, plain []byte) []byte {
	return s.aead().Seal(nil, nil, plain, []byte(account)) //nolint:gosec // it makes a nonce by chance, and puts it first
}

// open decrypts what seal made with the same secret for the same account.
func (s secret) open(account string, sealed []byte) (plain []byte, ok bool) {
	plain, err := s.aead().Open(nil, nil, sealed, []byte(account))
	return plain, err == nil
}
