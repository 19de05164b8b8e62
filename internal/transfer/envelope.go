// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"encoding/json"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// envelope holds the values around the data of a record, as JSON.
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

// check finds values that are no JSON, also where nothing else reads them.
func (e *envelope) check() error {
	for _, value := range [][]byte{e.resource, e.id, e.person, e.page} {
		if value != nil && !json.Valid(value) {
			return errNoObject
		}
	}
	return nil
}

// open gives the envelope, with the data in it. A record without the key resource is
// the data itself.
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

// identify finds the resource of a record, its id and its owners. Values of the
// envelope count before those of the data.
func (r Rules) identify(one *candidate, around envelope) (err error) {
	one.row.Resource, err = r.resource(one.sent, around)
	if err != nil {
		return err
	}
	if one.row.Resource == fed.Link {
		return one.linkIDs(around)
	}

	one.row.ID, err = text("id", either(around.id, one.sent.ID))
	if err != nil {
		return err
	}
	return r.owners(one, around)
}

func (r Rules) resource(sent record.Keys, around envelope) (fed.Resource, error) {
	switch {
	case around.resource != nil:
		name, err := text("resource", around.resource)
		return fed.Resource(name), err
	case r.Resource != "":
		return r.Resource, nil
	case sent.Book != nil:
		return fed.Page, nil
	case sent.PersonOnly != nil || sent.Roles != nil || sent.Password != nil:
		return fed.Person, nil
	case r.Book != "":
		return fed.Page, nil
	}
	return "", refuse("the record does not tell what it is; say it with --resource")
}

// owners reads the person and the page that a record belongs to.
func (r Rules) owners(one *candidate, around envelope) (err error) {
	info := one.row.Resource.Info()
	if one.row.Resource == fed.Page {
		one.row.Person, err = r.book(one.sent, around)
		return err
	}

	if info.Page != "" {
		one.row.Page, err = text("page", either(around.page, one.sent.Pol))
		if err != nil {
			return err
		}
	}
	if info.Belongs() {
		one.row.Person, err = text("person", either(around.person, one.sent.FedAcct))
	}
	return err
}

// book gives the person of a page. Its data counts last: a phone writes null there, or
// an account that was mistyped.
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
