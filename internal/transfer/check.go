// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"encoding/json"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// Rules say what may be imported. They are the API's.
type Rules struct {
	Passwords   record.Passwords
	Book        string       // whose the pages are that have no person beside their data; "": as that says
	WithRoles   bool         // take roles and active as they are
	Resource    fed.Resource // of records that are nothing but the data; "" to see it from them
	MaxRecord   int64        // bytes, as record.Limits count them
	MaxElements int          // keys and array elements of a record
	MaxDocument int64        // bytes of a document
}

// Resources are those that Rules.Resource may name. What has bytes needs an envelope for them.
func Resources() (names []string) {
	for _, info := range fed.Resources() {
		if info.Bytes == "" {
			names = append(names, string(info.Resource))
		}
	}
	return names
}

// longest is how many bytes a record's text may have: a document's is the longest. Letters
// that are written as \u00f1, and blanks, make it longer than the record.
func (r Rules) longest() int {
	const written, rest = 4, 64 << 10 // rest is what stands around data and bytes
	return int(written*r.MaxRecord + (r.MaxDocument+2)/3*4 + rest)
}

// envelope is what stands around the data of a record: values, as JSON.
type envelope struct {
	resource, id, person, page, data, bytes []byte
	others                                  bool // there are other keys
}

// take is for record.Members.
func (e *envelope) take(key, value []byte) {
	switch string(key) {
	case "resource":
		e.resource = value
	case "id":
		e.id = value
	case "person":
		e.person = value
	case "page":
		e.page = value
	case "data":
		e.data = value
	case "bytes":
		e.bytes = value
	default:
		e.others = true
	}
}

// check looks at the values that are not always looked at.
func (e *envelope) check() error {
	for _, value := range [][]byte{e.resource, e.id, e.person, e.page} {
		if value != nil && !json.Valid(value) {
			return errNoObject
		}
	}
	return nil
}

func refuse(format string, args ...any) error { return fed.Errorf(fed.Invalid, format, args...) }

var (
	errNoObject = fed.Errorf(fed.Malformed, "the record is not a well-formed JSON object")
	errEnvelope = refuse("besides resource a record has id, person, page, data and bytes, and no other keys")
)

// candidate is a record that is being checked.
type candidate struct {
	row    store.LoadRow
	sent   record.Keys   // of its data
	filled record.Filled // in its data
}

// check reads a record. The row's bytes are those of text, or were made of it.
func (r Rules) check(text []byte) (row store.LoadRow, err error) {
	around, err := r.open(text)
	if err != nil {
		return row, err
	}
	data, err := record.Read(around.data, record.Limits{Noun: "record", Bytes: r.MaxRecord, Elements: r.MaxElements})
	if err != nil {
		return row, err
	}
	one := candidate{row: store.LoadRow{Data: data}, sent: record.KeysOf(data)}
	if err := r.name(&one, around); err != nil {
		return row, err
	}
	if err := r.judge(&one, around); err != nil {
		return row, err
	}
	one.row.Data = one.filled.Into(data)
	return one.row, nil
}

// open gives what stands around the data, and the data. A record without the key
// resource is the data itself.
func (r Rules) open(text []byte) (around envelope, err error) {
	switch {
	case !utf8.Valid(text):
		return around, fed.Errorf(fed.Malformed, "the record is not UTF-8")
	case !record.Members(text, around.take):
		return around, errNoObject
	case around.resource != nil && around.data != nil && !around.others:
		return around, around.check()
	case around.resource != nil && r.Resource == "":
		return around, errEnvelope
	}
	return envelope{data: text}, nil
}

// name finds out what the record is: what the envelope does not say, the data does.
func (r Rules) name(one *candidate, around envelope) (err error) {
	sent, row := one.sent, &one.row
	switch {
	case around.resource != nil:
		var name string
		name, err = text("resource", around.resource)
		row.Resource = fed.Resource(name)
	case r.Resource != "":
		row.Resource = r.Resource
	case sent.Book != nil:
		row.Resource = fed.Page
	case sent.Telling != nil || sent.Roles != nil || sent.Password != nil:
		row.Resource = fed.Person
	case r.Book != "":
		row.Resource = fed.Page
	default:
		err = refuse("the record does not tell what it is; say it with --resource")
	}
	switch {
	case err != nil:
		return err
	case row.Resource == fed.Link:
		return one.persons(around)
	}
	return r.place(one, around)
}

// place reads the id of a record, and whose it is.
func (r Rules) place(one *candidate, around envelope) (err error) {
	sent, row := one.sent, &one.row
	if row.ID, err = text("id", either(around.id, sent.ID)); err != nil {
		return err
	}
	info := row.Resource.Info()
	if row.Resource == fed.Page {
		row.Person, err = r.book(sent, around)
		return err
	}
	if info.Page != "" {
		row.Page, err = text("page", either(around.page, sent.Pol))
	}
	if err == nil && info.Belongs() {
		row.Person, err = text("person", either(around.person, sent.FedAcct))
	}
	return err
}

// book gives whose page it is. What its data says counts only where nothing else does:
// a phone writes null there, or an account that was mistyped.
func (r Rules) book(sent record.Keys, around envelope) (string, error) {
	switch {
	case around.person != nil:
		return text("person", around.person)
	case r.Book != "":
		return r.Book, nil
	case record.IsNull(sent.Book):
		return "", refuse("the page does not say whose it is; say it with --book")
	}
	return text("book", sent.Book)
}

func either(first, second []byte) []byte {
	if first != nil {
		return first
	}
	return second
}

// text reads a value that must be a text.
func text(key string, value []byte) (string, error) {
	text, ok := record.Text(value)
	if !ok {
		return "", refuse("%s must be a text", key)
	}
	return text, nil
}
