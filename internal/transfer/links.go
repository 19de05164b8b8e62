// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// persons reads which two persons a link is about. It has no id of its own.
func (one *candidate) persons(around envelope) (err error) {
	if around.id != nil {
		return refuse("a link has no id; it has person, and person in its data")
	}
	if one.row.Person, err = text("person", around.person); err == nil {
		one.row.ID, err = text("person in the data", one.sent.LinkPerson)
	}
	return err
}

func (one *candidate) link() error {
	sent := one.sent
	_, decided := record.Bool(sent.LinkSame)
	switch {
	case !decided:
		return refuse("same must be true or false")
	case one.row.ID == one.row.Person:
		return refuse("a person cannot be linked with itself")
	}
	if !record.IsNull(sent.LinkAccount) {
		if _, err := text("account", sent.LinkAccount); err != nil {
			return err
		}
	}
	if record.IsNull(sent.LinkAt) {
		return nil
	}
	said, err := text("time", sent.LinkAt)
	if err == nil {
		_, err = time.Parse(time.RFC3339, said)
	}
	if err != nil {
		return fed.Errorf(fed.Invalid, "time must be like 2026-05-31T08:00:02Z")
	}
	return nil
}
