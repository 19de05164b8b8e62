// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// registry has the handlers of records that belong to no person: domiciliary units and
// institutions.
type registry struct {
	history
	records  store.Registry
	resource fed.Resource // also the name of the id in the pattern
	segment  string       // the first one of the path
}

// endpoint gives the endpoint of one record.
func (g *registry) endpoint() access.Endpoint { return access.Endpoint(g.resource.Info().Endpoint) }

func (g *registry) id(c *gate.Caller) string { return c.Param(string(g.resource)) }

func (g *registry) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, g.segment))
	if err != nil {
		return err
	}

	return part.WriteRecords(w, r, func(flow store.Flow, take func(fed.Record) error) error {
		return g.records.Each(r.Context(), c.Reader(), part.Keyset(w), flow, take)
	})
}

func (g *registry) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if asked, err := g.replyVersion(w, r, c, g.endpoint(), store.HistoryQuery{Resource: g.resource, ID: g.id(c)}); asked {
		return err
	}

	stored, err := g.records.Get(r.Context(), c.Reader(), g.id(c))
	if err != nil {
		return err
	}
	return gate.ReplyStored(w, r, stored)
}

func (g *registry) post(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	id := g.id(c)
	if err := record.CheckNewID(id); err != nil {
		return err
	}

	data, err := c.ReadRecord(r)
	if err != nil {
		return err
	}
	if err := checkRepeated("id", record.KeysOf(data).ID, id); err != nil {
		return err
	}

	var filled record.Overrides
	filled.Set("id", id)

	by, err := c.Write(r, g.endpoint())
	if err != nil {
		return err
	}

	stored, isNew, err := g.records.Create(r.Context(), by, id, data, filled.Record())
	if err != nil {
		return err
	}

	return c.Confirm(w, createdStatus(w, isNew, c.Path(g.segment, id)), g.endpoint(), stored)
}

func (g *registry) patch(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Patch(w, r, g.endpoint(), func(by fed.Write, patch fed.Record) (fed.Stored, error) {
		return g.records.Change(r.Context(), by, g.id(c), patch)
	})
}

func (g *registry) delete(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Delete(w, r, g.endpoint(), func(by fed.Write) error {
		return g.records.Delete(r.Context(), by, g.id(c))
	})
}
