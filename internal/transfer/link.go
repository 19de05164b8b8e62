// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// linkIDs reads the two persons of a link, which has no id of its own.
func (one *candidate) linkIDs(around envelope) (err error) {
	if around.id != nil {
		return refuse("a link has no id; it has person, and person in its data")
	}

	one.row.Person, err = text("person", around.person)
	if err != nil {
		return err
	}
	one.row.ID, err = text("person in the data", one.sent.LinkPerson)
	return err
}

func (one *candidate) link() error {
	_, decided := record.Bool(one.sent.LinkSame)
	if !decided {
		return refuse("same must be true or false")
	}
	if one.row.ID == one.row.Person {
		return refuse("a person cannot be linked with itself")
	}

	if !record.IsNull(one.sent.LinkAccount) {
		_, err := text("account", one.sent.LinkAccount)
		if err != nil {
			return err
		}
	}
	if record.IsNull(one.sent.LinkAt) {
		return nil
	}

	said, _ := record.Text(one.sent.LinkAt)
	_, err := time.Parse(time.RFC3339, said)
	if err != nil {
		return fed.Errorf(fed.Invalid, "time must be like 2026-05-31T08:00:02Z")
	}
	return nil
}
