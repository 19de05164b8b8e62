// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// matchRequest is what $match is asked: the Parameters that a client sends.
type matchRequest struct {
	patient resource.Traits
	certain bool // only the one who certainly is the person
	count   int
}

const (
	defaultMatches = 20
	maxMatches     = 100
)

// The scores from which on a match has a grade. From match.Threshold on it is possible.
const (
	certainScore  = 0.99
	probableScore = 0.8
)

// sentParameters is a resource Parameters as far as it is read.
type sentParameters struct {
	ResourceType string
	Parameter    []struct {
		Name         string
		Resource     json.RawMessage
		ValueBoolean bool
		ValueInteger int
	}
}

// readMatch reads the request.
func readMatch(r *http.Request, c *gate.Caller) (q matchRequest, err error) {
	body, err := c.ReadRecord(r)
	if err != nil {
		return q, err
	}

	var sent sentParameters
	err = json.Unmarshal(body, &sent)
	if err != nil || sent.ResourceType != "Parameters" {
		return q, fed.Errorf(fed.Malformed, "The body must be a resource of the type Parameters, with FHIR's types of values.")
	}

	q.count = defaultMatches
	known := false
	for _, one := range sent.Parameter {
		switch one.Name {
		case "resource":
			q.patient, known = resource.ReadTraits(one.Resource)
		case "onlyCertainMatches":
			q.certain = one.ValueBoolean
		case "count":
			q.count = one.ValueInteger
		default:
			return q, fed.Errorf(fed.Malformed, "$match takes the parameters resource, onlyCertainMatches and count.")
		}
	}
	return q, q.check(known)
}

func (q matchRequest) check(known bool) error {
	switch {
	case !known:
		return fed.Errorf(fed.Malformed, "resource must be a Patient with a name or a birthDate.")
	case q.count < 1 || q.count > maxMatches:
		return fed.Errorf(fed.Malformed, "count must be a whole number from 1 to %d.", maxMatches)
	}
	return nil
}

// match answers with the persons who probably are the one that is described, the most probable first.
func (f *patients) match(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if c.Reach(http.MethodGet, access.Person) != access.AllRecords {
		return c.Lacks(http.MethodGet, access.Person)
	}

	q, err := readMatch(r, c)
	if err != nil {
		return err
	}

	found, err := f.Store.For(c.Reader()).MatchesOf(r.Context(), q.patient.Record(), maxMatches)
	if err != nil {
		return err
	}

	b := newBundle(r, c, "searchset", "Patient/$match")
	return b.write(w, r, c, func() error {
		b.list.OfPersons()
		return f.addMatches(r.Context(), c, b, q.choose(found))
	})
}

// choose gives those who are wanted. If only a certain one is, and there are several, none is.
func (q matchRequest) choose(found []store.Pair) []store.Pair {
	if !q.certain {
		return found[:min(q.count, len(found))]
	}

	found = slices.DeleteFunc(found, func(one store.Pair) bool { return one.Score < certainScore })
	if len(found) != 1 {
		return nil
	}
	return found
}

// addMatches adds the persons in this order.
func (f *patients) addMatches(ctx context.Context, c *gate.Caller, b *bundle, found []store.Pair) error {
	scores := map[string]float64{}
	for _, one := range found {
		scores[one.Other] = one.Score
	}

	entries := map[string][]byte{}
	filter := store.PersonFilter{IDs: slices.AppendSeq([]string{}, maps.Keys(scores))}
	err := f.Store.For(c.Reader()).EachPersonRevision(ctx, filter, store.Keyset[string]{Limit: maxMatches}, b, func(stored store.Revision) error {
		entries[stored.ID] = b.appendMatch(resource.Patient(recordOf(stored), stored.Same, f.Zone), scores[stored.ID])
		return nil
	})
	if err != nil {
		return err
	}

	for _, one := range found {
		entry := entries[one.Other]
		if entry == nil { // deleted meanwhile
			continue
		}
		if err := b.list.AddOf(one.Other, entry); err != nil {
			return err
		}
	}
	return nil
}

// appendMatch makes an entry with its score and its grade.
func (b *bundle) appendMatch(found resource.Resource, score float64) (text []byte) {
	text = fed.AppendText(append(text, `{"fullUrl":`...), b.base+found.Type+"/"+found.ID)
	text = found.JSON(append(text, `,"resource":`...))
	text = append(text, `,"search":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/match-grade","valueCode":"`+grade(score)+`"}],"mode":"match","score":`...)
	return append(strconv.AppendFloat(text, score, 'f', 4, 64), `}}`...)
}

func grade(score float64) string {
	switch {
	case score >= certainScore:
		return "certain"
	case score >= probableScore:
		return "probable"
	default:
		return "possible"
	}
}
