// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// linkResults are the results by the answers of thalamus_link.
var linkResults = map[string]LoadResult{
	"created":       {},
	"present":       {Kind: LoadPresent},
	"one":           {LoadRefused, unknownOwner},
	"two":           {LoadRefused, unknownOwner},
	"contradiction": {LoadRefused, "it contradicts what is known of the two persons"},
	"too many":      {LoadRefused, "more than 64 persons cannot be the same"},
}

// mergeLinks records what is staged of links, in the order of the file.
func mergeLinks(ctx context.Context, tx pgx.Tx, results []LoadResult) error {
	const q = `SELECT n, thalamus_link(person, id, (data -> 'same')::boolean, data ->> 'account', NULL, (data ->> 'time')::timestamptz)
		FROM (SELECT * FROM thalamus_load WHERE resource = 'link' ORDER BY n OFFSET 0) AS links`

	var n int32
	var outcome string
	rows, _ := tx.Query(ctx, q, pgx.QueryExecModeExec)
	_, err := pgx.ForEachRow(rows, []any{&n, &outcome}, func() error {
		results[n] = linkResults[outcome]
		return nil
	})

	return err
}

// dumpLinks gives links in the columns of other records.
const dumpLinks = `SELECT '', person, NULL, jsonb_build_object('person', other, 'same', same, 'account', account,
		'time', to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, NULL::int, NULL::bytea
	FROM thalamus_links ORDER BY person COLLATE "C", other COLLATE "C"`
