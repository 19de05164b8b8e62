// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strconv"
	"time"

	"thalamus/internal/fed"
)

// DocumentQuery asks for the documents of a person: by id, or by the time at which they came to be as they are, then
// by id. Those of which that is not known come last, whatever the direction.
type DocumentQuery struct {
	Person             string
	ByTime, Descending bool
}

// Place is that of a document in the order of the query.
func (q DocumentQuery) Place(of DocumentRevision) BookKey { return q.place(of.ID, of.Changed) }

func (q DocumentQuery) place(id string, changed time.Time) BookKey {
	if !q.ByTime || changed.IsZero() {
		return BookKey{ID: id}
	}
	return BookKey{ID: id, Dated: true, Time: changed}
}

// EachDocumentRevision hands on a part of the documents that a query asks for.
func (v View) EachDocumentRevision(ctx context.Context, q DocumentQuery, s Keyset[BookKey], flow Flow, take func(DocumentRevision) error) error {
	var d DocumentRevision
	var changed *time.Time
	documents := &idList{runFirst: v.db.onAnyConnection, runRest: v.db.onAnyConnection, limit: s.Limit}
	documents.listColumns = listColumns{shown: asText, beside: `, version, page, size_of, ` + q.changed(), into: []any{&d.Version, &d.Page, &d.Size, &changed}}
	asker := askerOf(v, q.Person)
	documents.source, documents.args = q.source(asker, s)
	documents.restArgs = parameters{nil, q.Person, asker}
	documents.restSource = byIDs(`personal_docs`, q.columns(), `fedacct = $2 AND `+visible(documentRows, `$3`))

	var last time.Time
	documents.row = func(n int) {
		if n == s.Limit-1 {
			last = timeOf(changed)
		}
	}
	documents.more = func(id string) { s.More(q.place(id, last)) }
	documents.take = func(id string, data fed.Record) error {
		d.ID, d.Record, d.Changed = id, data, timeOf(changed)
		return take(d)
	}
	return v.db.read(ctx, flow, documents)
}

// columns are those of a document without its bytes, as SQL.
func (q DocumentQuery) columns() string {
	const all = `id, data, version, COALESCE(pol, '') AS page, ` + documentSize + ` AS size_of`
	if q.ByTime {
		return all + `, ` + changedAt(fed.Document, "personal_docs") + ` AS changed`
	}
	return all
}

// changed is the time of a document that is handed on; by that order each has it already.
func (q DocumentQuery) changed() string {
	if q.ByTime {
		return `changed`
	}
	return listedChange(fed.Document)
}

// source finds the documents of a part, and one more.
func (q DocumentQuery) source(asker asker, s Keyset[BookKey]) (source string, args parameters) {
	args = parameters{q.Person, asker}
	where, order := ``, q.order()
	if s.After != nil {
		where = ` WHERE ` + q.behind(*s.After, &args)
	}

	end := ``
	if s.Limit > 0 {
		end = ` LIMIT ` + strconv.Itoa(s.Limit+1)
	}
	return `SELECT *, row_number() OVER (ORDER BY ` + order + `) AS n FROM (
	SELECT * FROM (SELECT ` + q.columns() + ` FROM personal_docs WHERE fedacct = $1 AND ` + visible(documentRows, `$2`) + `) AS document` +
		where + ` ORDER BY ` + order + end + `
) AS found`, args
}

func (q DocumentQuery) order() string {
	switch {
	case !q.ByTime:
		return `id`
	case q.Descending:
		return `changed DESC NULLS LAST, id DESC`
	default:
		return `changed NULLS LAST, id`
	}
}

// behind is true of what comes behind a place.
func (q DocumentQuery) behind(after BookKey, args *parameters) string {
	beyond := ` > `
	if q.Descending {
		beyond = ` < `
	}

	switch {
	case !q.ByTime:
		return `id > ` + args.add(after.ID)
	case !after.Dated:
		return `changed IS NULL AND id` + beyond + args.add(after.ID)
	default:
		return `((changed, id)` + beyond + `(` + args.add(after.Time) + `::timestamptz, ` + args.add(after.ID) + `) OR changed IS NULL)`
	}
}
