// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

var (
	selectInForce = `SELECT ` + shownStatement(`$2`) + ` FROM thalamus_consents WHERE person = $1 AND ` + consentInForce + ` ORDER BY id DESC`
	selectFormer  = `SELECT ` + shownStatement(`$4`) + ` FROM thalamus_consents
		WHERE person = $1 AND NOT (` + consentInForce + `) AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`
)

// InForce gives the statements about a person's book that count now, the newest first. There are maxStatements at most.
func (c Consents) InForce(ctx context.Context, person string) ([]Statement, error) {
	return statements(c.db.pool.Query(ctx, selectInForce, person, askerOf(View(c), person)))
}

// Former gives a part of the statements that were taken back or have ended, the newest first.
func (c Consents) Former(ctx context.Context, person string, s Keyset[string]) (former []Statement, more bool, err error) {
	former, err = statements(c.db.pool.Query(ctx, selectFormer, person, s.After, s.Limit+1, askerOf(View(c), person)))
	return former[:min(s.Limit, len(former))], len(former) > s.Limit, err
}

func statements(rows pgx.Rows, _ error) ([]Statement, error) { // the rows have the error, too
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Statement])
	return all, classify(err)
}

// maxKinds is how many kinds of pages are named.
const maxKinds = 100

var selectPageKinds = `SELECT DISTINCT CASE WHEN kind.key IN ('domain', 'page_type') THEN 'domain:' ELSE 'type:' END || kind.value
	FROM pols, jsonb_each_text(data) AS kind
	WHERE book = $1 AND ` + visible(pageRows, `$2`) + ` AND kind.key IN ('domain', 'page_type', 'context', 'medical_context', 'social_context')
		AND kind.value <> '' AND octet_length(kind.value) <= 200 ORDER BY 1 LIMIT $3`

// PageKinds gives the kinds of pages in a book, as scopes of statements.
func (c Consents) PageKinds(ctx context.Context, book string) ([]string, error) {
	rows, _ := c.db.pool.Query(ctx, selectPageKinds, book, askerOf(View(c), book), maxKinds)
	kinds, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return kinds, classify(err)
}
