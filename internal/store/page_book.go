// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/fed"
)

// BookQuery asks for pages of books: by their dates, then by id. Those without a
// date that can be read come last, whatever the direction and the dates asked for.
type BookQuery struct {
	Books      []string
	From, To   time.Time // UTC; To is not among them; zero: open
	Descending bool
	Inclusive  bool // the place behind which it goes on is a page that is wanted, too
	Filters    []PageFilter
	Text       string     // words that a page must contain, whatever their case and accents; "": any page
	Parts      *PageParts // of whole books, parts of which a page must have one; nil: any page
}

// PageFilter lets pages through that have this text under one of these keys.
type PageFilter struct {
	Keys []string
	Text string
}

// BookKey is the place of a page in the order of books.
type BookKey struct {
	Time  time.Time // UTC
	Dated bool      // else Time says nothing
	ID    string    // or what stands for it
}

// newBookKey makes the key of a page from what the index has of it; moment is nil of one without a date.
func newBookKey(id string, moment *time.Time) BookKey {
	if moment == nil {
		return BookKey{ID: id}
	}
	return BookKey{ID: id, Dated: true, Time: *moment}
}

// Equal reports whether two keys are one place.
func (k BookKey) Equal(other BookKey) bool {
	return k.Dated == other.Dated && k.ID == other.ID && k.Time.Equal(other.Time)
}

// Format writes a key for ParseBookKey.
func (k BookKey) Format() string {
	if !k.Dated {
		return " " + k.ID
	}
	return strconv.FormatInt(k.Time.UnixMicro(), 10) + " " + k.ID
}

// ParseBookKey reads what Format wrote; ok is false for anything else.
func ParseBookKey(text string) (key BookKey, ok bool) {
	micros, id, ok := strings.Cut(text, " ")
	if !ok || micros == "" {
		return BookKey{ID: id}, ok
	}

	n, err := strconv.ParseInt(micros, 10, 64)
	at := time.UnixMicro(n).UTC()
	if err != nil || at.Year() < 0 || at.Year() > 10000 {
		return BookKey{}, false
	}
	return BookKey{ID: id, Dated: true, Time: at}, true
}

// pageKey is what stands for the id of a page in the index of books.
const pageKey = `CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END`

// EachPageOf hands on a part of the pages that a query asks for.
func (v View) EachPageOf(ctx context.Context, q BookQuery, s Keyset[BookKey], flow Flow, take func(fed.Record) error) error {
	v = nearTo(v, q.Books)
	pages, err := newBookList(v, q, s)
	if err != nil {
		return err
	}

	pages.take = func(_ string, page fed.Record) error { return take(page) }
	return v.db.read(ctx, flow, pages)
}

// PageRevision is a page with its place in the order of books.
type PageRevision struct {
	Revision
	Key BookKey
}

// EachPageRevision is EachPageOf with what is known of the pages besides.
func (v View) EachPageRevision(ctx context.Context, q BookQuery, s Keyset[BookKey], flow Flow, take func(PageRevision) error) error {
	v = nearTo(v, q.Books)
	pages, err := newBookList(v, q, s)
	if err != nil {
		return err
	}

	pages.takeRevisions(take)
	return v.db.read(ctx, flow, pages)
}

// bookList is pages of books as a list.
type bookList struct {
	idList
	pageKey string
	moment  *time.Time
}

// key is the place of the page that was read last.
func (l *bookList) key() BookKey { return newBookKey(l.pageKey, l.moment) }

// takeRevisions has the pages handed on with what is known of them besides.
func (l *bookList) takeRevisions(take func(PageRevision) error) {
	var page PageRevision
	var changed *time.Time
	l.beside += `, version, ` + listedChange(fed.Page)
	l.into = append(l.into, &page.Version, &changed)
	l.take = func(id string, text fed.Record) error {
		page.ID, page.Record, page.Changed, page.Key = id, text, timeOf(changed), l.key()
		return take(page)
	}
}

func newBookList(v View, q BookQuery, s Keyset[BookKey]) (pages *bookList, err error) {
	pages = &bookList{idList: idList{runFirst: v.db.withoutSort, runRest: v.db.onAnyConnection, limit: s.Limit}}
	pages.listColumns = listColumns{shown: asText, beside: `, page_time, key`, into: []any{&pages.moment, &pages.pageKey}}

	var last BookKey
	pages.row = func(n int) {
		if n == s.Limit-1 {
			last = pages.key()
		}
	}
	pages.more = func(string) { s.More(last) }

	pages.args = parameters{q.Books}
	asker := askerOf(v, q.Books...)
	pages.source, err = q.source(&pages.args, asker, s)
	pages.restArgs = parameters{nil, q.Books, asker}
	columns := bookColumns + `, data`
	if q.Parts != nil {
		columns += `, 0 AS parts`
		pages.choose(q.Parts)
	}
	pages.restSource = byIDs(`pols`, columns, `book = ANY ($2::varchar[]) AND `+visible(pageRows, `$3`))
	return pages, err
}

// source finds pages in the index: first what has a date, then the rest. Of a part
// with an end it reads no more of any book than one page beyond.
func (q BookQuery) source(args *parameters, asker asker, s Keyset[BookKey]) (string, error) {
	filters, err := q.filters(args, asker)
	if err != nil {
		return "", err
	}

	dated, undated := q.places(args, s.After)
	order := `page_time NULLS LAST, key`
	if q.Descending {
		order = `page_time DESC NULLS LAST, key DESC`
	}

	if s.Limit == 0 {
		return q.whole(args, `book = ANY ($1::varchar[]) AND (`+dated+` OR `+undated+`)`+filters, order), nil
	}

	limit := strconv.Itoa(s.Limit + 1)
	return `
WITH dated AS MATERIALIZED (` + q.found(dated+filters, limit) + `
), undated AS MATERIALIZED (` + q.found(undated+filters, limit+` - (SELECT count(*) FROM dated)`) + `
)
SELECT *, row_number() OVER (ORDER BY ` + order + `) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found`, nil
}

// whole finds pages to the end. It sorts their places, not their data, of which only the first piece needs any:
// of a large book all of it would be written to a file and read again.
func (q BookQuery) whole(args *parameters, where, order string) string {
	columns, from, rows := bookColumns, `pols`, pieceRows
	if q.Parts != nil {
		columns, from, where, rows = columns+`, parts`, from+`, `+q.Parts.of(args), where+` AND parts <> 0`, partsRows
	}

	return `SELECT found.*, page.data FROM (
	SELECT *, row_number() OVER (ORDER BY ` + order + `) AS n FROM (
		SELECT ` + columns + ` FROM ` + from + ` WHERE ` + where + ` ORDER BY ` + order + `
	) AS placed OFFSET 0
) AS found LEFT JOIN LATERAL (
	SELECT data FROM pols WHERE pols.id = found.id AND found.n <= ` + strconv.Itoa(rows) + ` OFFSET 0
) AS page ON true`
}

// bookColumns are those of the place of a page.
const bookColumns = `id, version, page_time, ` + pageKey + ` AS key`

// found finds at most so many pages, all with a date or all without.
func (q BookQuery) found(where, most string) string {
	order := `page_time, key`
	if q.Descending {
		order = `page_time DESC, key DESC` // the same index, backwards
	}

	return `
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, ` + pageKey + ` AS key FROM pols
		WHERE book = asked.book AND ` + where + ` ORDER BY ` + order + ` LIMIT ` + most + `
	) AS page ORDER BY ` + order + ` LIMIT ` + most
}

// places gives the conditions of the pages with a date and of those without, as SQL.
// There is one bound on each side: PostgreSQL begins to read at the first that it sees.
func (q BookQuery) places(args *parameters, after *BookKey) (dated, undated string) {
	dated, undated = `page_time IS NOT NULL`, `page_time IS NULL`
	beyond := ` > `
	if q.Descending {
		beyond = ` < `
	}
	if q.Inclusive {
		beyond = strings.TrimRight(beyond, ` `) + `= `
	}

	if after != nil && !after.Dated {
		return `false`, undated + ` AND ` + pageKey + beyond + args.add(after.ID) + `::text`
	}

	from, to := q.From, q.To
	if after != nil && q.holds(after.Time) {
		dated += ` AND (page_time, ` + pageKey + `)` + beyond + `(` + args.add(after.Time) + `::timestamp, ` + args.add(after.ID) + `::text)`
		if q.Descending {
			to = time.Time{}
		} else {
			from = time.Time{}
		}
	}

	if !from.IsZero() {
		dated += ` AND page_time >= ` + args.add(from) + `::timestamp`
	}

	if !to.IsZero() {
		dated += ` AND page_time < ` + args.add(to) + `::timestamp`
	}

	return dated, undated
}

// holds reports whether pages behind a time can be outside of the dates asked for
// on one side only: that of the others.
func (q BookQuery) holds(after time.Time) bool {
	if q.Descending {
		return q.To.IsZero() || after.Before(q.To)
	}
	return q.From.IsZero() || !after.Before(q.From)
}

// filters gives the rest of the conditions, as SQL that follows others.
func (q BookQuery) filters(args *parameters, asker asker) (sql string, err error) {
	sql = ` AND ` + visible(pageRows, args.add(asker))
	for _, f := range q.Filters {
		text, err := json.Marshal(f.Text)
		if err != nil {
			return "", err
		}

		value := args.add(text) + `::jsonb`
		var any []string
		for _, key := range f.Keys {
			any = append(any, `data -> `+args.add(key)+`::text = `+value)
		}

		sql += ` AND (` + strings.Join(any, ` OR `) + `)`
	}

	if q.Text != "" {
		sql += ` AND ` + contains(args.add(q.Text))
	}

	return sql, nil
}
