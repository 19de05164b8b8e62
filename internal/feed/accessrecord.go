// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// recordPersons has the access record name the persons of the changes that are sent next,
// unless the request names its person itself.
func (s *subscriber) recordPersons(persons []string) error {
	if s.feedQuery.Person != "" {
		return nil
	}
	return s.caller.RecordPersons(persons)
}

// recordStream has the access record say of whom an event stream may tell: of everybody,
// of the account itself, or of nobody.
func (s *subscriber) recordStream() error {
	s.recordedReach = s.reach()

	switch {
	case s.recordedReach == access.AllRecords && s.feedQuery.Person == "":
		return s.caller.RecordEverybody()
	case s.recordedReach == access.OwnRecords:
		return s.recordPersons([]string{s.account})
	}
	return s.recordPersons(nil)
}

// recordStreamAgain is recordStream for a stream whose reach has changed.
func (s *subscriber) recordStreamAgain() error {
	if s.reach() == s.recordedReach {
		return nil
	}
	return s.recordStream()
}

// reach says whose changes the subscriber sees.
func (s *subscriber) reach() access.Reach {
	isPersonal := func(r fed.Resource) bool { return r.Info().Owner != "" || r == fed.Emergency }

	switch {
	case slices.ContainsFunc(s.feedQuery.All, isPersonal):
		return access.AllRecords
	case len(s.feedQuery.Own) > 0:
		return access.OwnRecords
	}
	return access.NoRecords
}
