// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// Rules say what may be imported. They are the API's.
type Rules struct {
	Passwords   record.PasswordRules
	Book        string       // the person of pages without a person beside their data; "": as their data says
	WithRoles   bool         // take roles and active as they are
	Resource    fed.Resource // of records without an envelope; "" to see it from them
	MaxRecord   int64        // bytes, as record.Limits count them
	MaxElements int          // keys and array elements of a record
	MaxDocument int64        // bytes of a document
}

// Resources are those that Rules.Resource may name. A record with bytes needs an envelope for them.
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
	const written, rest = 4, 64 << 10 // rest is for the envelope around data and bytes
	return int(written*r.MaxRecord + (r.MaxDocument+2)/3*4 + rest)
}

func refuse(format string, args ...any) error { return fed.Errorf(fed.Invalid, format, args...) }

var (
	errNoObject = fed.Errorf(fed.Malformed, "the record is not a well-formed JSON object")
	errEnvelope = refuse("besides resource a record has id, person, page, data and bytes, and no other keys")
)

// candidate is a record that is being checked.
type candidate struct {
	row    store.LoadRow
	sent   record.Keys      // of its data
	filled record.Overrides // in its data
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
	err = r.identify(&one, around)
	if err != nil {
		return row, err
	}
	err = r.validate(&one, around)
	if err != nil {
		return row, err
	}

	one.row.Data = one.filled.ApplyTo(data)
	return one.row, nil
}
