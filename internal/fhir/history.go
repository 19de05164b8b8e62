// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"strconv"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// past is the history of one record, and how its versions are mapped.
type past struct {
	*Face
	kind     string
	endpoint access.Endpoint // of the record itself
	query    store.HistoryQuery
	made     func(resource.Record) resource.Resource
}

func (f *patients) past(_ *http.Request, c *gate.Caller) (past, error) {
	query := store.HistoryQuery{Resource: fed.Person, ID: c.Subject, Person: c.Subject}
	made := func(r resource.Record) resource.Resource { return resource.Patient(r, nil, f.Zone) }
	return past{f.Face, "Patient", access.Person, query, made}, nil
}

func (f *registry) past(r *http.Request, c *gate.Caller) (past, error) {
	id, err := f.stored(r, c)
	endpoint := access.Endpoint(f.of.Info().Endpoint)
	return past{f.Face, f.kind, endpoint, store.HistoryQuery{Resource: f.of, ID: id}, f.made}, err
}

// finder finds the history that a request asks for.
type finder func(r *http.Request, c *gate.Caller) (past, error)

// authorised finds the history for a caller who may read it.
func (find finder) authorised(r *http.Request, c *gate.Caller) (p past, err error) {
	p, err = find(r, c)
	if err != nil {
		return p, err
	}
	return p, gate.AuthoriseHistory(c, p.endpoint, &p.query)
}

// getVersion answers with a resource as it was at one of its versions.
func getVersion(find finder) gate.Handler {
	return func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		p, err := find.authorised(r, c)
		if err != nil {
			return err
		}

		version, err := strconv.ParseUint(c.Param("version"), 10, 63)
		if err != nil {
			return notFound()
		}

		stored, err := p.Store.For(c.Reader()).Version(r.Context(), p.query, int64(version))
		if err != nil {
			return orNotFound(err)
		}
		return reply(w, r, recordOf(stored), p.made(recordOf(stored)))
	}
}

// historyQuery is the part of a history that is asked for.
type historyQuery struct{ gate.Paging }

var historyParameters = parameters[historyQuery]{
	{Name: "_count", Rule: countRule, Read: func(q *historyQuery, value string) bool { return readCount(&q.Paging, value) }},
	{Name: afterName, Rule: afterRule, Read: func(q *historyQuery, value string) bool { return q.ReadAfter(value) }},
}

// getHistory answers with the changes of a resource, the newest first.
func getHistory(find finder) gate.Handler {
	return func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		p, err := find.authorised(r, c)
		if err != nil {
			return err
		}

		q := historyQuery{gate.PagingAt(c, "fhir", p.kind, p.query.ID, "_history")}
		used, err := historyParameters.read(r, &q)
		if err != nil {
			return err
		}

		page := store.HistoryPage{Limit: q.Limit}
		if q.After != nil {
			after, ok := store.ParseHistoryKey(*q.After)
			if !ok {
				return wrongAfter()
			}
			page.After = after
		}

		b := newBundle(r, c, "history", p.kind+"/"+resource.ID(p.query.ID)+"/_history")
		b.used = used
		page.More = func(last store.HistoryKey) { b.setNext(q.Cursor(last.Format())) }
		return b.write(w, r, c, func() error {
			return orNotFound(p.Store.For(c.Reader()).History(r.Context(), p.query, page, b, func(e store.HistoryEntry) error {
				return p.add(b, e)
			}))
		})
	}
}

// interactions has FHIR's words for the operations that are versions of a record, with their statuses.
var interactions = map[string]struct{ method, status string }{
	"create": {http.MethodPut, "201"}, "update": {http.MethodPut, "200"}, "delete": {http.MethodDelete, "204"},
}

// add adds a version. A change of a password is none.
func (p past) add(b *bundle, e store.HistoryEntry) error {
	if _, isVersion := interactions[e.Operation]; !isVersion || e.Part != 0 {
		return nil
	}

	one := p.made(resource.Record{ID: p.query.ID, Version: e.Version, Changed: e.Time.UTC(), Data: e.Data})
	return b.addVersion(one, e)
}
