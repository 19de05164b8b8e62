// SPDX-License-Identifier: GPL-3.0-or-later

// Package fhir is the face FHIR R4, under /fhir/: it reads what the JSON resources have, with the same
// rights and the same access record, as resources that the package below it maps. Errors are
// OperationOutcomes, which the gate writes.
package fhir

import (
	"net/http"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// Options are what the face needs.
type Options struct {
	Store   *store.DB
	Zone    *time.Location // of times that are stored without one
	Version string
}

// Face has the handlers.
type Face struct{ Options }

// New makes a Face. It starts nothing.
func New(o Options) *Face { return &Face{o} }

// notFound refuses an id that no resource has.
func notFound() error { return fed.Errorf(fed.NotFound, "There is no such resource.") }

// orNotFound says of whatever is not found that there is no such resource.
func orNotFound(err error) error {
	if fed.KindOf(err) == fed.NotFound {
		return notFound()
	}
	return err
}

// recordOf is a stored record as it is mapped.
func recordOf(r store.Revision) resource.Record {
	return resource.Record{ID: r.ID, Version: r.Version, Changed: r.Changed, Data: r.Record}
}

func setLastModified(header http.Header, changed time.Time) {
	if !changed.IsZero() {
		header.Set("Last-Modified", changed.UTC().Format(http.TimeFormat))
	}
}

// replyOfBook is reply for what is made of the subject's book.
func replyOfBook(w http.ResponseWriter, r *http.Request, c *gate.Caller, stored resource.Record, found resource.Resource) error {
	emergency, err := gate.InEmergency(r.Context(), c)
	if err != nil {
		return err
	}
	if emergency {
		found = found.InEmergency()
	}
	return reply(w, r, stored, found)
}

// reply answers a read with a resource, unless the client has that version already.
func reply(w http.ResponseWriter, r *http.Request, stored resource.Record, found resource.Resource) error {
	setLastModified(w.Header(), stored.Changed)
	done, err := gate.Unchanged(w, r, stored.Version)
	if err != nil || done {
		return err
	}

	w.Header().Set("ETag", `W/`+w.Header().Get("ETag")) // as FHIR has them
	gate.Reply(w, http.StatusOK, gate.FHIRType, found.JSON(nil))
	return nil
}
