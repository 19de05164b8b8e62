// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"encoding/hex"
	"slices"
	"strings"
)

// Document is what the data of a document repeats.
type Document struct {
	ID, Page string
	Persons  []string // whose it is: the id to be stored, then other spellings of it
}

// Contradicted gives the key with which data names another person or page, or null; ""
// if it names none.
func (d Document) Contradicted(sent Keys) (key string) {
	switch {
	case !Repeats(sent.FedAcct, d.Persons...):
		return "fedacct"
	case !Repeats(sent.Pol, d.Page):
		return "pol"
	}
	return ""
}

// Fill fills in what a document is.
func (d Document) Fill(filled *Filled) {
	filled.Set("id", d.ID)
	filled.Set("fedacct", d.Persons[0])
	filled.Set("pol", d.Page)
}

// FillHash fills in the SHA-512 of a document, in hexadecimal; ok is false if the data
// has another one.
func FillHash(sent Keys, sum []byte, filled *Filled) (ok bool) {
	hash := hex.EncodeToString(sum)
	if IsNull(sent.Hash) {
		filled.Set("hash", hash)
		return true
	}
	claimed, ok := Text(sent.Hash)
	return ok && strings.EqualFold(claimed, hash)
}

// Repeats reports whether a value is not there, or one of these texts.
func Repeats(value []byte, texts ...string) bool {
	return value == nil || slices.ContainsFunc(texts, func(text string) bool { return Is(value, text) })
}
