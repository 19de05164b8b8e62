// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"time"

	"thalamus/internal/fed"
)

// takeLink is members.take for the data of a link.
func (m *members) takeLink(key, value []byte) {
	switch string(key) {
	case "person":
		m.person = value
	case "same":
		m.same = value
	case "account":
		m.account = value
	case "time":
		m.time = value
	}
}

// persons reads which two persons a link is about. It has no id of its own.
func (one *candidate) persons(around envelope) (err error) {
	if around.id != nil {
		return refuse("a link has no id; it has person, and person in its data")
	}
	if one.row.Person, err = text("person", around.person); err == nil {
		one.row.ID, err = text("person in the data", one.sent.person)
	}
	return err
}

func (one *candidate) link() error {
	sent := one.sent
	switch same := string(sent.same); {
	case same != "true" && same != "false":
		return refuse("same must be true or false")
	case one.row.ID == one.row.Person:
		return refuse("a person cannot be linked with itself")
	}
	if !isNull(sent.account) {
		if _, err := text("account", sent.account); err != nil {
			return err
		}
	}
	if isNull(sent.time) {
		return nil
	}
	said, err := text("time", sent.time)
	if err == nil {
		_, err = time.Parse(time.RFC3339, said)
	}
	if err != nil {
		return fed.Errorf(fed.Invalid, "time must be like 2026-05-31T08:00:02Z")
	}
	return nil
}
