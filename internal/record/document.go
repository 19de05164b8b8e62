// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"encoding/hex"
	"slices"
	"strings"
)

// Document is the keys of a document that its data may repeat.
type Document struct {
	ID, Page string
	Persons  []string // its person: the id to be stored, then other spellings of it
}

// Mismatch gives the key with which data names another person or page, or null; ""
// if it names none.
func (d Document) Mismatch(sent Keys) (key string) {
	switch {
	case !Repeats(sent.FedAcct, d.Persons...):
		return "fedacct"
	case !Repeats(sent.Pol, d.Page):
		return "pol"
	}
	return ""
}

// Fill sets these keys.
func (d Document) Fill(o *Overrides) {
	o.Set("id", d.ID)
	o.Set("fedacct", d.Persons[0])
	o.Set("pol", d.Page)
}

// FillHash sets the SHA-512 of a document, in hexadecimal; ok is false if the data
// has another one.
func FillHash(sent Keys, sum []byte, o *Overrides) (ok bool) {
	hash := hex.EncodeToString(sum)
	if IsNull(sent.Hash) {
		o.Set("hash", hash)
		return true
	}

	claimed, ok := Text(sent.Hash)
	return ok && strings.EqualFold(claimed, hash)
}

// Repeats reports whether a value is absent, or one of these texts.
func Repeats(value []byte, texts ...string) bool {
	return value == nil || slices.ContainsFunc(texts, func(text string) bool { return Is(value, text) })
}
