// SPDX-License-Identifier: GPL-3.0-or-later

// Package bulk writes a federation in the files of FHIR's Bulk Data: one for each type, with a resource on each
// line, and a manifest that lists them. Nothing in it holds more than one record's worth of memory and a
// buffer for each file.
package bulk

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/pg"
	"thalamus/internal/store"
)

// Export writes all records of a database but links, which are in the resources of persons.
type Export struct {
	DB       *store.DB
	Zone     *time.Location // of times that are stored without one
	BasePath string         // before the hub's paths; "": none

	Records atomic.Int64 // written so far, of which several resources may be made
	Written map[fed.Resource]int
	Left    map[fed.Resource]int // rows that are no JSON object or belong to nobody, by resource
}

// Run makes a directory of this name with the records as they all are at one moment. There must be none, or an
// empty one. It appears when it is whole; equal federations give equal files, but for the manifest's time.
func (ex *Export) Run(ctx context.Context, name string) error {
	d, err := newDirectory(name)
	if err != nil {
		return err
	}

	at, err := ex.fill(ctx, d)
	if err == nil {
		err = d.keep(at)
	}
	if err != nil {
		return errors.Join(err, d.discard())
	}
	return nil
}

// fill begins anew when the connection to the database was lost: one half would be of another moment than
// the other.
func (ex *Export) fill(ctx context.Context, d *directory) (at time.Time, err error) {
	for {
		ex.Records.Store(0)
		ex.Written, ex.Left = map[fed.Resource]int{}, map[fed.Resource]int{}
		at, err = store.DumpRevisions(ctx, ex.DB.For(fed.Operator), func(row store.DumpRevision) error { return ex.write(d, row) })
		if !errors.Is(err, pg.ErrLost) || ctx.Err() != nil {
			return at, err
		}

		if err := d.empty(); err != nil {
			return at, err
		}
	}
}

func (ex *Export) write(d *directory, row store.DumpRevision) error {
	if !row.Importable() {
		ex.Left[row.Resource]++
		return nil
	}

	for _, one := range ex.resources(row) {
		if err := d.write(one); err != nil {
			return err
		}
	}
	ex.Written[row.Resource]++
	ex.Records.Add(1)
	return nil
}

// resources are what is made of a record.
func (ex *Export) resources(row store.DumpRevision) []resource.Resource {
	stored := resource.Record{ID: row.ID, Version: row.Version, Changed: row.Changed, Data: row.Data}
	switch row.Resource {
	case fed.Institution:
		return []resource.Resource{resource.Organization(stored)}
	case fed.Unit:
		return []resource.Resource{resource.Location(stored)}
	case fed.Person:
		return []resource.Resource{resource.Patient(stored, row.Same, ex.Zone)}
	case fed.Document:
		document := resource.Document{Record: stored, Person: *row.Person, Page: *row.Page, Size: row.Size, URL: ex.documentPath(row)}
		return []resource.Resource{resource.DocumentReference(document)}
	default:
		return resource.ReadPage(*row.Person, stored, ex.Zone).Resources()
	}
}

// documentPath is where the hub has the bytes of a document. Its own address is nothing that it knows.
func (ex *Export) documentPath(row store.DumpRevision) string {
	path := strings.TrimSuffix(ex.BasePath, "/") + "/personal_docs"
	for _, id := range []string{*row.Person, *row.Page, row.ID} {
		path += "/" + url.PathEscape(id)
	}
	return path
}
