// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"context"
	"slices"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// idQuery is what a search asks for by ids: of each condition one has to fit.
type idQuery struct {
	gate.Paging
	names [][]resource.Name
}

const idRule = "must be an id, or several with commas between them."

// idParameters are those by ids of a type, whose records have identifiers of this system, and those
// of its pages.
func idParameters[T any](system, identifier string, ids func(*T) *idQuery) parameters[T] {
	return parameters[T]{
		{"_id", "token", definition("Resource-id"), idRule, func(q *T, value string) bool {
			ids(q).names = append(ids(q).names, readIDs(value))
			return true
		}},
		{"identifier", "token", definition(identifier), codeRule, func(q *T, value string) bool {
			names, ok := readIdentifiers(value, system)
			ids(q).names = append(ids(q).names, names)
			return ok
		}},
		{Name: "_count", Rule: countRule, Read: func(q *T, value string) bool { return readCount(&ids(q).Paging, value) }},
		{Name: afterName, Rule: afterRule, Read: func(q *T, value string) bool { return ids(q).ReadAfter(value) }},
	}
}

// readIDs reads FHIR ids. One that no record can have fits none.
func readIDs(value string) []resource.Name {
	names := []resource.Name{}
	for _, text := range readStrings(value) {
		if name, ok := resource.ReadID(text); ok {
			names = append(names, name)
		}
	}
	return names
}

// readIdentifiers reads identifiers. One of another system fits none.
func readIdentifiers(value, system string) (names []resource.Name, ok bool) {
	tokens, ok := readTokens(value)
	names = []resource.Name{}
	for _, one := range tokens {
		if one.code != "" && (one.anySystem || one.system == system) {
			names = append(names, resource.Name{ID: one.code})
		}
	}
	return names, ok
}

// stored gives the ids of records that fit all conditions; nil if there is none.
func (q *idQuery) stored(ctx context.Context, db *store.DB, of fed.Resource) (ids []string, err error) {
	for _, names := range q.names {
		some := []string{}
		for _, name := range names {
			id, err := storedID(ctx, db, of, name)
			if err != nil {
				return nil, err
			}
			some = append(some, id)
		}
		ids = intersect(ids, some)
	}
	return ids, nil
}

// intersect gives what is in both; nil is everything.
func intersect(all, some []string) []string {
	if all == nil {
		return some
	}
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return !slices.Contains(some, one) })
}

// readStrings reads a value with commas between its parts.
func readStrings(value string) (texts []string) {
	for _, text := range splitEscaped(value, ',') {
		texts = append(texts, unescapeValue(text))
	}
	return texts
}
