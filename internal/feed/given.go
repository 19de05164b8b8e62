// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// gives has the access record name the persons of the changes that are sent next, unless
// the request does.
func (reader *reader) gives(persons []string) error {
	if reader.query.Person != "" {
		return nil
	}
	return reader.caller.Gives(persons)
}

// givesStream has it say of whom a stream may tell: of everybody, of the reader, or of nobody.
func (reader *reader) givesStream() error {
	reader.told = reader.reach()
	if reader.told == access.AllRecords && reader.query.Person == "" {
		return reader.caller.GivesAll()
	}
	if reader.told == access.OwnRecords {
		return reader.gives([]string{reader.account})
	}
	return reader.gives(nil)
}

// givesAnew has it say so again when that has changed.
func (reader *reader) givesAnew() error {
	if reader.reach() == reader.told {
		return nil
	}
	return reader.givesStream()
}

// reach says whose changes the reader sees.
func (reader *reader) reach() access.Reach {
	isPersonal := func(r fed.Resource) bool { return r.Info().Owner != "" }
	switch {
	case slices.ContainsFunc(reader.query.All, isPersonal):
		return access.AllRecords
	case len(reader.query.Own) > 0:
		return access.OwnRecords
	}
	return access.NoRecords
}
