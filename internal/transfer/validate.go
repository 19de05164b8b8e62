// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"io"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// validate applies the rules of a record's resource.
func (r Rules) validate(one *candidate, around envelope) error {
	if one.row.Resource.Info().Bytes == "" && around.bytes != nil {
		return refuse("only a document has bytes")
	}

	switch one.row.Resource {
	case fed.Person:
		return r.person(one)
	case fed.Page:
		return one.page()
	case fed.Document:
		return r.document(one, around.bytes)
	case fed.Link:
		return one.link()
	case fed.Unit, fed.Institution:
		return one.registered()
	default:
		return refuse("resource must be %s", fed.ResourceNames(fed.Link))
	}
}

// person takes an odd value of active as it is, which closes the account: refused, the
// person would leave behind everything that belongs to her.
func (r Rules) person(one *candidate) (err error) {
	one.row.ID, err = record.NewPersonID(one.row.ID)
	if err != nil {
		return err
	}
	if !record.Is(one.sent.ID, one.row.ID) {
		one.filled.Set("id", one.row.ID)
	}

	err = r.password(one.sent.Password)
	if err != nil {
		return err
	}

	one.row.Odd = record.CheckActive(one.sent.Active) != nil
	if r.WithRoles {
		return nil
	}
	return one.ordinary()
}

// password refuses a value that is no hash of a password, and a hash that costs too much.
func (r Rules) password(value []byte) error {
	sent, err := record.ReadPassword(value)
	if err != nil {
		return refuse("password must be a text")
	}
	if sent.Plain() {
		return refuse("password must be a bcrypt hash; plain passwords are not imported")
	}
	return r.Passwords.CheckHash(sent.Text)
}

// ordinary refuses a person who is more than an active end user, and makes sure
// that she is one. Another role, or none, is the importer's decision: to make her an
// end user, or active, would be as wrong as to let a file appoint administrators.
func (one *candidate) ordinary() error {
	roles, _ := record.NewRoles(one.sent.Roles, true)
	if !record.IsDefault(roles) {
		return refuse("roles other than end_user are imported only with --with-roles")
	}

	one.filled.Set("roles", record.DefaultRoles())
	if string(one.sent.Active) == "false" {
		return refuse("a person who is not active is imported only with --with-roles")
	}
	return nil
}

func (one *candidate) page() error {
	err := record.CheckNewID(one.row.ID)
	if err != nil {
		return err
	}
	if !record.Is(one.sent.ID, one.row.ID) {
		return refuse("the data must have the page's id")
	}
	return nil
}

// registered is for units and institutions.
func (one *candidate) registered() error {
	err := record.CheckNewID(one.row.ID)
	if err != nil {
		return err
	}
	if !record.Repeats(one.sent.ID, one.row.ID) {
		return contradicts("id")
	}

	one.filled.Set("id", one.row.ID)
	return nil
}

// document takes null for the bytes of a document that has none in the database it
// comes from.
func (r Rules) document(one *candidate, value []byte) error {
	row, sent := &one.row, one.sent
	err := record.CheckNewID(row.ID)
	if err != nil {
		return err
	}
	if !record.IsNull(sent.ID) && !record.Is(sent.ID, row.ID) {
		return contradicts("id")
	}

	document := record.Document{ID: row.ID, Page: row.Page, Persons: []string{row.Person, record.Upper(row.Person)}}
	key := document.Mismatch(sent)
	if key != "" {
		return contradicts(key)
	}
	document.Fill(&one.filled)

	if value == nil {
		return refuse("a document needs bytes, in base64")
	}
	if string(value) == "null" {
		return nil
	}
	return r.content(one, value)
}

// content decodes the bytes of a document for their size and hash, and keeps them
// as they are.
func (r Rules) content(one *candidate, value []byte) error {
	if len(value) < 2 || value[0] != '"' {
		return refuse("bytes must be a text in base64")
	}

	encoded := value[1 : len(value)-1]
	if bytes.IndexByte(encoded, '\\') >= 0 { // some write \/ for /
		var text string
		if json.Unmarshal(value, &text) != nil {
			return refuse("bytes must be a text in base64")
		}
		encoded = []byte(text)
	}

	sum := sha512.New()
	size, err := io.Copy(sum, base64.NewDecoder(base64.StdEncoding, bytes.NewReader(encoded)))
	switch {
	case err != nil:
		return refuse("bytes must be a text in base64")
	case size == 0:
		return refuse("the document is empty")
	case size > r.MaxDocument:
		return fed.Errorf(fed.TooLarge, "the document is larger than %d bytes", r.MaxDocument)
	}

	one.row.Base64, one.row.Size = encoded, int(size)
	if !record.FillHash(one.sent, sum.Sum(nil), &one.filled) {
		return refuse("hash is not the SHA-512 of the document, in hexadecimal")
	}
	return nil
}

// contradicts refuses a key of the data that says something else than its envelope.
func contradicts(key string) error {
	return refuse("%s in the data must be the one that the record names", key)
}
