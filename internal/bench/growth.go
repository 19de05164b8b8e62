// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// measureGrowth looks whether pages become dearer with their number: it fills one database up to
// each of the -pages, and then has phones write there. Of each size it tells the bytes that a page takes.
func measureGrowth(ctx context.Context, b *bench) error {
	db, err := b.filled(ctx, "growth")
	if err != nil {
		return err
	}

	for _, pages := range b.pages {
		err := b.growTo(ctx, db, pages)
		if err != nil {
			return fmt.Errorf("%d pages: %w", pages, err)
		}
		err = b.postAmong(ctx, db, pages)
		if err != nil {
			return fmt.Errorf("%d pages: %w", pages, err)
		}
	}
	return nil
}

// growBatch is the pages of one statement.
const growBatch = 50_000

// growTo inserts pages behind the hub's back, whose triggers run all the same.
func (b *bench) growTo(ctx context.Context, db database, pages int) error {
	var there int
	err := db.QueryRow(ctx, `SELECT count(*) FROM pols`).Scan(&there)
	if err != nil {
		return fmt.Errorf("count the pages: %w", err)
	}

	begun, from := time.Now(), there
	for there < pages {
		tag, err := db.Exec(ctx, insertPages, min(growBatch, pages-there))
		if err != nil {
			return fmt.Errorf("insert pages: %w", err)
		}
		there += int(tag.RowsAffected())
	}

	elapsed := time.Since(begun)
	b.line(fmt.Sprintf("Growth/pages=%d/by=sql", pages), there-from, perOp(elapsed, max(1, there-from)), metric{float64(there-from) / elapsed.Seconds(), "pages/s"})
	_, err = db.Exec(ctx, `CHECKPOINT`)
	return err
}

// insertPages spreads new pages over all persons, in no order of their ids.
var insertPages = fmt.Sprintf(`
INSERT INTO pols (id, book, data)
SELECT page, book, replace(replace('%s', '%s', book), '%s', page)::jsonb
FROM (SELECT gen_random_uuid()::text AS page, 'ESPBEN' || lpad((1 + random() * (%d - 1))::int::text, 6, '0') AS book
	FROM generate_series(1, $1::int)) AS numbered`, pageText, noBook, noPage, persons)

// postAmong posts pages to a hub that has published all that is there.
func (b *bench) postAmong(ctx context.Context, db database, pages int) error {
	s, err := b.serve(ctx, b.thalamus, db.url)
	if err != nil {
		return err
	}
	_, err = settle(ctx, db)
	if err != nil {
		return err
	}
	_, err = s.load(ctx, postPage, warmUp)
	if err != nil {
		return err
	}

	for range b.count {
		posted, err := s.load(ctx, postPage, b.time)
		if err != nil {
			return err
		}
		b.line(fmt.Sprintf("Growth/pages=%d/by=hub", pages), len(posted.took),
			append([]metric{perOp(posted.elapsed, len(posted.took)), {posted.rate(), "req/s"}}, quantiles(posted.took)...)...)
	}

	err = b.stopServers()
	if err != nil {
		return err
	}
	return b.weigh(ctx, db, pages)
}

// weigh tells how many bytes of each table and index a page takes.
func (b *bench) weigh(ctx context.Context, db database, pages int) error {
	const q = `SELECT relname, pg_relation_size(oid)::float8 / (SELECT count(*) FROM pols)
		FROM pg_class WHERE oid IN ('pols'::regclass, 'thalamus_changes'::regclass)
		OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN ('pols'::regclass, 'thalamus_changes'::regclass)) ORDER BY 1`
	var name string
	var bytes float64
	var all []metric

	rows, _ := db.Query(ctx, q)
	_, err := pgx.ForEachRow(rows, []any{&name, &bytes}, func() error {
		all = append(all, metric{bytes, name + "-B/page"})
		return nil
	})
	if err != nil {
		return fmt.Errorf("weigh the pages: %w", err)
	}
	b.line(fmt.Sprintf("Growth/pages=%d/bytes", pages), pages, all...)
	return nil
}
