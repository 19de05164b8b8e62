// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import "thalamus/internal/fhir/resource"

// results are what a search of a person's records gives.
type results struct {
	*bundle
	q     clinicalQuery
	given int
	more  bool // there is another one behind the last that was given
}

// offer gives a resource, if it is wanted, and if there are not as many as are wanted.
func (s *results) offer(one resource.Resource) (given bool, err error) {
	if s.more || !s.q.fits(one) {
		return false, nil
	}
	if s.q.Limit > 0 && s.given == s.q.Limit {
		s.more = true
		return false, nil
	}

	s.given++
	return true, s.add(one)
}

// linkNext leads on behind a place, if there is more.
func (s *results) linkNext(place func() string) {
	if s.more {
		s.setNext(s.q.Cursor(place()))
	}
}
