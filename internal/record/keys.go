// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"encoding/json"
	"slices"
	"strings"

	"thalamus/internal/fed"
)

// Keys are the values, as JSON, of the keys of a record that have a rule; nil
// where there is no such key. Of double keys the last one counts, as in jsonb.
type Keys struct {
	ID, Book, FedAcct, Pol                    []byte
	Password, Roles, Active, Institution      []byte
	PersonOnly                                []byte // of a key that only persons have
	Privacy                                   []byte // of a page
	Hash, ContentType, FileName, Extension    []byte // of a document
	LinkPerson, LinkSame, LinkAccount, LinkAt []byte // of a link
}

// KeysOf gives the keys of a record that has passed Read or is stored.
func KeysOf(data fed.Record) Keys {
	var k Keys
	_ = Members(data, k.set) // it is an object
	return k
}

// set sets the value of one key.
func (k *Keys) set(key, value []byte) {
	switch string(key) {
	case "id":
		k.ID = value
	case "book":
		k.Book = value
	case "fedacct":
		k.FedAcct = value
	case "pol":
		k.Pol = value
	case "password":
		k.Password = value
	case "roles":
		k.Roles = value
	case "active":
		k.Active = value
	case "institution":
		k.Institution = value
	case "lastname", "dob", "gender":
		k.PersonOnly = value
	default:
		k.setOther(key, value)
	}
}

func (k *Keys) setOther(key, value []byte) {
	switch string(key) {
	case "privacy":
		k.Privacy = value
	case "hash":
		k.Hash = value
	case "content_type":
		k.ContentType = value
	case "filename":
		k.FileName = value
	case "extension":
		k.Extension = value
	case "person":
		k.LinkPerson = value
	case "same":
		k.LinkSame = value
	case "account":
		k.LinkAccount = value
	case "time":
		k.LinkAt = value
	}
}

// IsNull reports whether a value is absent or null.
func IsNull(value []byte) bool { return value == nil || string(value) == "null" }

// Text gives a value that is a text; ok is false for any other value, and for a text that
// cannot be stored.
func Text(value []byte) (text string, ok bool) {
	if len(value) > 1 && value[0] == '"' && !slices.ContainsFunc(value, isSpecial) {
		return string(value[1 : len(value)-1]), true
	}

	var read *string
	if json.Unmarshal(value, &read) != nil || read == nil || strings.ContainsRune(*read, 0) {
		return "", false
	}
	return *read, true
}

// isSpecial reports whether a byte in a JSON string is not what it means.
func isSpecial(c byte) bool { return c < ' ' || c == '\\' }

// Is reports whether a value is exactly this text.
func Is(value []byte, want string) bool {
	got, ok := Text(value)
	return ok && got == want
}

// Bool gives a value that is true or false; ok is false if it is neither.
func Bool(value []byte) (is, ok bool) {
	is = string(value) == "true"
	return is, is || string(value) == "false"
}
