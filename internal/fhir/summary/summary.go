// SPDX-License-Identifier: GPL-3.0-or-later

// Package summary reads the summary of a person that travels, for the faces that show it.
package summary

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// Read makes the summary of a request's subject, whose person and book the caller may read. Times without a
// zone are in this one.
func Read(ctx context.Context, c *gate.Caller, db *store.DB, zone *time.Location) (*resource.Summary, error) {
	view := db.For(c.Reader())
	person, err := view.PersonRevision(ctx, c.Subject)
	if err != nil {
		return nil, err
	}

	pieces, err := c.OpenPieces()
	if err != nil {
		return nil, err
	}
	defer pieces.Close()

	f := &flow{Pieces: pieces, made: resource.NewSummary(recordOf(person), zone), hold: c.Hold()}
	f.made.Emergency, err = gate.InEmergency(ctx, c)
	if err != nil {
		return nil, err
	}

	newestFirst := store.BookQuery{Books: []string{c.Subject}, Descending: true, Parts: partsOf(f.made)}
	err = view.EachPageRevision(ctx, newestFirst, store.Keyset[store.BookKey]{}, f, func(page store.PageRevision) error {
		f.made.Add(resource.ReadPage(c.Subject, recordOf(page.Revision), zone))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f.made, f.keep(ctx)
}

// partsOf are those of the pages that have something for a summary.
func partsOf(made *resource.Summary) *store.PageParts {
	return &store.PageParts{
		Members: resource.SummaryMembers, Keys: resource.ContextMembers, Texts: resource.SummaryContexts,
		Measured: resource.SummaryMeasured, Wants: made.Wants,
	}
}

// JSON gives the summary as a document that is made for a request, by this version of the program.
func JSON(r *http.Request, c *gate.Caller, made *resource.Summary, version string) []byte {
	return made.JSON(resource.SummaryDocument{
		Base: gate.URL(r, c, "fhir") + "/", Version: version, Made: time.Now(),
		Document: uuid.NewString(), Composed: uuid.NewString(), Author: uuid.NewString(),
	})
}

// recordOf is a stored record as it is mapped.
func recordOf(r store.Revision) resource.Record {
	return resource.Record{ID: r.ID, Version: r.Version, Changed: r.Changed, Data: r.Record}
}

// flow reads a book for a summary, whose memory is taken before each piece.
type flow struct {
	*gate.Pieces
	made *resource.Summary
	hold *limit.Hold // until the end of the request
	held int64
}

// ReservePiece is store.Flow's.
func (f *flow) ReservePiece(ctx context.Context, needed int64) (bytes int64, err error) {
	if err := f.keep(ctx); err != nil {
		return 0, err
	}
	return f.Pieces.ReservePiece(ctx, needed)
}

// keep takes the memory for the summary and for the document that is made of it.
func (f *flow) keep(ctx context.Context) error {
	more := 3*int64(f.made.Bytes()) - f.held
	if err := f.hold.Take(ctx, more); err != nil {
		return err
	}
	f.held += more
	return nil
}
