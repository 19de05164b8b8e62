// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// results are what a search of a person's records gives.
type results struct {
	*bundle
	q     clinicalQuery
	given int

	emergency bool // the reader has opened the book in one
	more      bool // there is another one behind the last that was given
}

// newResults begins a search of the subject's records.
func newResults(r *http.Request, c *gate.Caller, q clinicalQuery, b *bundle) (*results, error) {
	emergency, err := gate.InEmergency(r.Context(), c)
	return &results{bundle: b, q: q, emergency: emergency}, err
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
	if s.emergency {
		one = one.InEmergency()
	}
	return true, s.add(one)
}

// linkNext leads on behind a place, if there is more.
func (s *results) linkNext(place func() string) {
	if s.more {
		s.setNext(s.q.Cursor(place()))
	}
}
