// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

const noPage = "Page not found"

// NoOwner is said of a page or document that would be of nobody.
const NoOwner = "Person not found"

// EachPage hands on the pages of one person's book.
func (v View) EachPage(ctx context.Context, book string, flow Flow, take func(fed.Record) error) error {
	if askerOf(v, book).mayMiss() {
		return eachOfLongBook(ctx, v, book, flow, take)
	}
	if err := v.db.pool.Ready(ctx); err != nil {
		return classify(err)
	}

	short, err := v.db.bookBatcher.get(ctx, book)
	if err != nil {
		return err
	}
	if short.cut {
		return eachOfLongBook(ctx, v, book, flow, take)
	}

	for _, page := range short.pages {
		if err := take(page); err != nil {
			return err
		}
	}

	return nil
}

// shortBook is a book that need not be streamed, unless it was cut: then it has
// more pages than these, or larger ones.
type shortBook struct {
	pages []fed.Record
	cut   bool
}

const shortBookPages = 8

var selectShortBooks = `SELECT asked.book, page.text
	FROM unnest($1::text[]) AS asked (book), LATERAL (
		SELECT CASE WHEN pg_column_size(data) < 2000 THEN data::text END AS text
		FROM pols WHERE pols.book = asked.book AND ` + isObject + ` LIMIT ` + strconv.Itoa(shortBookPages+1) + `
	) AS page`

// readShortBooks reads the beginnings of books of which nothing is withheld: readers share them. Of a page so large that PostgreSQL
// may keep it elsewhere nothing is read.
func (db *DB) readShortBooks(ctx context.Context, ids []string) ([]shortBook, error) {
	found := make([]shortBook, len(ids))
	rows, _ := db.pool.Query(ctx, selectShortBooks, textArray(ids))
	defer rows.Close()

	for rows.Next() {
		row := rows.RawValues() // until the next one
		if i := slices.Index(ids, string(row[0])); i >= 0 {
			b := &found[i]
			b.cut = b.cut || row[1] == nil || len(b.pages) == shortBookPages
			b.pages = append(b.pages, bytes.Clone(row[1]))
		}
	}

	return found, classify(rows.Err())
}

func eachOfLongBook(ctx context.Context, v View, book string, flow Flow, take func(fed.Record) error) error {
	pages := collection{
		listColumns: listColumns{shown: asText, take: func(_ string, page fed.Record) error { return take(page) }},
		runPieces:   v.db.onAnyConnection, table: `pols`,
		where: func(args *parameters) string {
			return `book = ` + args.add(book) + ` AND ` + visible(pageRows, args.add(askerOf(v, book)))
		},
	}
	return v.db.read(ctx, flow, pages.idList(Keyset[string]{}))
}

var selectPage = `SELECT data::text, version FROM pols WHERE id = $2 AND book = $1 AND ` + visible(pageRows, `$3`)

// Page gives one page of this book.
func (v View) Page(ctx context.Context, book, id string) (fed.Stored, error) {
	return v.db.queryRecord(ctx, noPage, selectPage, book, id, askerOf(v, book))
}

var createPage = createSpec{
	of:      fed.Page,
	columns: `, book`,
	values:  `, $6::varchar`,
	data:    `$5::jsonb`,
}.statements()

// CreatePage stores a page; created is false when this book had it already with
// the same content. Conflict: the id is taken by other content or another book.
func (db *DB) CreatePage(ctx context.Context, w fed.Write, book, id string, data fed.Record) (stored fed.Stored, created bool, err error) {
	db.guarded.addPage(book, data)
	stored, created, err = db.create(ctx, w, createPage, id, []byte(data), book)
	switch {
	case violatesForeignKey(err):
		return stored, false, &fed.Error{Kind: fed.NotFound, Msg: NoOwner, Err: err}
	case err != nil || created:
		return stored, created, classify(err)
	}

	stored, err = db.repeatedPage(ctx, w, book, id, data)
	if errors.Is(err, pgx.ErrNoRows) && !w.Old { // deleted since
		return db.CreatePage(ctx, w, book, id, data)
	}

	return stored, false, err
}

// selectRepeatedPage finds a page that is withheld in another book than this one: nobody can tell the two apart.
var selectRepeatedPage = `SELECT EXISTS (SELECT FROM people WHERE id = $1), COALESCE(book = $1, false) AND ` + unlessWithheld(`$4`, pageWithheld) + `,
	COALESCE(data = $3::jsonb OR creation = $3::jsonb, false), data::text, version FROM pols WHERE id = $2`

// repeatedPage gives the stored page whose creation is repeated.
func (db *DB) repeatedPage(ctx context.Context, w fed.Write, book, id string, data fed.Record) (stored fed.Stored, err error) {

	var owned, here, same bool
	var text []byte
	err = db.pool.QueryRow(ctx, selectRepeatedPage, book, id, []byte(data), db.writer(w, book)).Scan(&owned, &here, &same, &text, &stored.Version)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fed.Stored{}, classify(err)
	}

	switch {
	case w.Old && !here:
		return fed.Stored{}, fed.OtherVersion(0)
	case err != nil:
		return fed.Stored{}, classify(err)
	case !owned:
		return fed.Stored{}, fed.Errorf(fed.NotFound, NoOwner)
	case here && !w.Allows(stored.Version):
		return fed.Stored{}, fed.OtherVersion(stored.Version)
	case !here || !same:
		return fed.Stored{}, fed.Errorf(fed.Conflict, "Another page has this id.")
	}

	stored.Record = text
	return stored, classify(db.awaitDurable(ctx))
}

var thisPage = `id = @id AND book = @book AND ` + unlessWithheld(`@asker`, pageWithheld)

// mergePage takes the id of the book's person and no other one for what the body says
// of it: nodes repeat it as their path has it, in small letters, too.
var mergePage = mergeSpec{
	of:    fed.Page,
	where: thisPage,
	patch: `(CASE WHEN @patch::jsonb -> 'book' = to_jsonb(book) THEN @patch::jsonb ELSE @patch::jsonb - 'book' END)`,
	rules: unlessUnchanged("book", `to_jsonb(book), `+pathSpelling, otherBook) + `
		WHEN @keeps_privacy AND ((data @> '{"privacy": true}') IS TRUE) <> ((merged @> '{"privacy": true}') IS TRUE) THEN '` + othersPrivacy + `'`,
}.statements()

var removePage = deleteSpec{of: fed.Page, where: thisPage}.statements()

// ChangePage merges a patch into a page of this book. Whether that makes a private page public, or the other way
// round, is decided on the locked row: where private pages are withheld the owner alone may.
func (db *DB) ChangePage(ctx context.Context, w fed.Write, book, id string, patch fed.Record) (fed.Stored, error) {
	db.guarded.addPage(book, patch)
	return db.merge(ctx, w, noPage, mergePage, pgx.NamedArgs{
		"book": book, "id": id, "patch": []byte(patch), "asker": db.writer(w, book),
		"keeps_privacy": db.guarded.private.Load() && w.Account != book,
	})
}

// DeletePage removes a page of this book that has no documents.
func (db *DB) DeletePage(ctx context.Context, w fed.Write, book, id string) error {
	say := deleteErrors{missing: noPage, inUse: "The page still has documents."}
	return db.delete(ctx, w, say, removePage, pgx.NamedArgs{"book": book, "id": id, "asker": db.writer(w, book)})
}
