// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// registry answers for records that are about no person: domiciliary units and institutions.
type registry struct {
	*Face
	kind   string
	of     fed.Resource
	made   func(resource.Record) resource.Resource
	all    access.Endpoint // of a search
	search parameters[registryQuery]
}

// registryQuery is what a search of a registry asks for.
type registryQuery struct {
	idQuery
	names []store.NamePrefix
}

func registryParameters(kind, system string) parameters[registryQuery] {
	name := parameter[registryQuery]{"name", "string", definition(kind + "-name"), stringRule, func(q *registryQuery, value string) bool {
		q.names = append(q.names, store.NamePrefix{Keys: []string{"name"}, Texts: readStrings(value)})
		return true
	}}
	return append(idParameters(system, kind+"-identifier", func(q *registryQuery) *idQuery { return &q.idQuery }), name)
}

// stored gives the id of the record of the path, as it is stored.
func (f *registry) stored(r *http.Request, c *gate.Caller) (id string, err error) {
	name, ok := resource.ReadID(c.Param(string(f.of)))
	if !ok {
		return "", notFound()
	}

	id, err = storedID(r.Context(), f.Store, f.of, name)
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", notFound()
	}
	return id, nil
}

func (f *registry) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	id, err := f.stored(r, c)
	if err != nil {
		return err
	}

	stored, err := f.Store.Registry(f.of).GetRevision(r.Context(), c.Reader(), id)
	if err != nil {
		return orNotFound(err)
	}
	return reply(w, r, recordOf(stored), f.made(recordOf(stored)))
}

func (f *registry) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := registryQuery{idQuery: idQuery{Paging: gate.PagingAt(c, "fhir", f.kind)}}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}

	ids, err := q.stored(r.Context(), f.Store, f.of)
	if err != nil {
		return err
	}

	b := newBundle(r, c, "searchset", f.kind)
	b.used = used
	filter := store.RegistryFilter{IDs: ids, Names: q.names}
	return b.write(w, r, c, func() error {
		return f.Store.Registry(f.of).EachRevision(r.Context(), c.Reader(), filter, b.keyset(q.Paging), b, func(stored store.Revision) error {
			return b.add(f.made(recordOf(stored)))
		})
	})
}
