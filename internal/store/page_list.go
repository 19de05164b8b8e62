// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"time"

	"thalamus/internal/fed"
)

// Bounds of the members that a list shows of a page.
const (
	listedText  = 1000 // characters; longer texts are cut
	listedBytes = 4000 // of other values; larger ones are left out
)

// searchTime is how long pages are looked through for words.
const searchTime = 3 * time.Second

// PageEntry is a page as a list of a book shows it.
type PageEntry struct {
	ID   string
	Page fed.Record // the members that were asked for, cut
	Key  BookKey
}

// ListPages gives at most so many pages behind a place, and whether there are more. Of each page
// it reads these members. Invalid: it takes too long to look for words in so many pages.
func (v View) ListPages(ctx context.Context, q BookQuery, members []string, part Keyset[BookKey]) (entries []PageEntry, more bool, err error) {
	args := parameters{q.Books}
	source, err := q.source(&args, askerOf(v, q.Books...), part)
	if err != nil {
		return nil, false, err
	}

	statement := fmt.Sprintf(`SELECT id, page_time, key, %s FROM (%s) AS found ORDER BY n`, listedMembers(args.add(members)), source)
	read := func(ctx context.Context) error {
		return v.db.withoutSort(ctx, func(query queryFunc) (err error) {
			entries, err = readEntries(ctx, query, statement, args)
			return err
		})
	}
	if q.Text == "" {
		err = read(ctx)
	} else {
		err = v.db.lookThrough(ctx, read)
	}

	if len(entries) > part.Limit {
		return entries[:part.Limit], true, err
	}
	return entries, false, err
}

// lookThrough reads pages for words: in the lane of lists, and not for long.
func (db *DB) lookThrough(ctx context.Context, read func(context.Context) error) error {
	return db.lists.within(ctx, func() error {
		searching, cancel := context.WithTimeout(ctx, searchTime)
		defer cancel()

		err := read(searching)
		if err != nil && searching.Err() != nil && ctx.Err() == nil {
			return fed.Errorf(fed.Invalid, "There are too many pages to look through; ask for a shorter time.")
		}
		return err
	})
}

func readEntries(ctx context.Context, query queryFunc, statement string, args parameters) (entries []PageEntry, err error) {
	rows, err := query(ctx, statement, args...)
	if err != nil {
		return nil, classify(err)
	}

	var id, key string
	var moment *time.Time
	var text []byte
	err = forEach(rows, []any{&id, &moment, &key, &text}, func() error {
		entries = append(entries, PageEntry{ID: id, Page: text, Key: newBookKey(key, moment)})
		return nil
	})
	return entries, err
}

// listedMembers is the members of data with these keys, as the text of an object.
func listedMembers(keys string) string {
	return fmt.Sprintf(`(SELECT COALESCE(jsonb_object_agg(key, CASE
		WHEN jsonb_typeof(value) = 'string' THEN to_jsonb(left(value #>> '{}', %d))
		WHEN pg_column_size(value) <= %d THEN value END), '{}')::text FROM jsonb_each(data) WHERE key = ANY (%s::text[]))`,
		listedText, listedBytes, keys)
}

// contains is true of pages that have all words of a text in their values, as SQL. A text
// without words is in no page.
func contains(text string) string {
	return `(SELECT bool_and(strpos(page.text, word) > 0) FROM (
		SELECT CASE WHEN octet_length(latin) = length(latin) THEN lower(latin COLLATE "C") ELSE thalamus_fold(raw) END AS text FROM (
			SELECT raw, ` + withoutAccents + ` AS latin FROM (
				SELECT replace(string_agg(value, ' '), '''', '') AS raw FROM jsonb_each_text(data)
				WHERE key NOT IN ('id', 'book', 'page', 'active', 'fsynced', 'creation_info', 'modification_info') OFFSET 0
			) AS read OFFSET 0
		) AS plain OFFSET 0
	) AS page, unnest((SELECT string_to_array(thalamus_fold(` + text + `::text), ' '))) AS word)`
}

// withoutAccents is raw, which has no apostrophes, without what thalamus_fold takes off the letters
// of Latin languages. If that leaves ASCII, it parts no word in another way than the function,
// which takes five times as long.
const withoutAccents = "replace(CASE WHEN octet_length(raw) = length(raw) THEN raw ELSE " +
	`regexp_replace(normalize(replace(replace(raw, '´', ''), '’', ''), NFKD), '[\u0300-\u036F]+', '', 'g')` + " END, '`', '')"
