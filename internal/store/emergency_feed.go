// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Openings have a feed of their own, with cursors of its own: no other reader of changes is to learn that there was
// one, be it by a cursor that moves. A cursor stands behind an opening that its reader has seen.

// openingTag tells whether an opening is the one behind which a cursor stands: after a recovery to an earlier time its
// number may be another's.
const openingTag = `(hashtext(id) & 2147483647)`

// OpeningChange is the opening of a book as a change.
type OpeningChange struct {
	Emergency
	Cursor Cursor
}

// visibleOpenings are those that a query is about and its reader may see: everybody's, or those of the own book, but none of
// somebody who had the same id before.
var visibleOpenings = `($1 = '' OR person = $1) AND ($2 OR person = $3 AND ` + sincePersonCreation + `)`

// sincePersonCreation is true of what was noted of a person since the id is that one's.
const sincePersonCreation = `thalamus_emergencies.time >= COALESCE((SELECT max(c.time) FROM thalamus_changes AS c
	WHERE c.id = thalamus_emergencies.person AND c.resource = 'person' AND c.operation = 'create'), '-infinity')`

func (q FeedQuery) visibleOpenings(e Emergencies) parameters {
	return parameters{q.Person, slices.Contains(q.All, fed.Emergency), e.reader.Account}
}

// Changes reads a page of openings behind q.After, in the order of their commits. Gone: the cursor cannot be honoured.
func (e Emergencies) Changes(ctx context.Context, q FeedQuery) (changes []OpeningChange, more bool, err error) {
	const honoured = `SELECT EXISTS (SELECT FROM thalamus_emergencies WHERE number = $1 AND ` + openingTag + ` = $2)`
	list := `SELECT ` + emergencyColumns + `, number, ` + openingTag + ` FROM thalamus_emergencies
		WHERE ` + visibleOpenings + ` AND number > $4 ORDER BY number LIMIT $5::bigint + 1`
	db := e.db.origin()
	if q.After.Position > 0 {
		var known bool
		if err := db.pool.QueryRow(ctx, honoured, q.After.Position, q.After.tag).Scan(&known); err != nil {
			return nil, false, classify(err)
		}
		if !known {
			return nil, false, errCursorGone
		}
	}

	rows, _ := db.pool.Query(ctx, list, append(q.visibleOpenings(e), q.After.Position, q.Limit)...)
	changes, err = pgx.CollectRows(rows, scanOpening)
	if len(changes) > q.Limit {
		return changes[:q.Limit], true, classify(err)
	}
	return changes, false, classify(err)
}

func scanOpening(row pgx.CollectableRow) (c OpeningChange, err error) {
	e := &c.Emergency
	err = row.Scan(&e.ID, &e.Person, &e.Account, &e.Purpose, &e.Reason, &e.Time, &e.Until, &e.Reviewed, &e.Reviewer, &e.Finding, &c.Cursor.Position, &c.Cursor.tag)
	return c, err
}

// End gives the cursor behind the last opening that a reader sees.
func (e Emergencies) End(ctx context.Context, q FeedQuery) (c Cursor, err error) {
	last := `SELECT number, ` + openingTag + ` FROM thalamus_emergencies WHERE ` + visibleOpenings + ` ORDER BY number DESC LIMIT 1`
	err = e.db.origin().pool.QueryRow(ctx, last, q.visibleOpenings(e)...).Scan(&c.Position, &c.tag)
	if err == pgx.ErrNoRows { //nolint:errorlint // pgx gives it as it is
		return c, nil
	}
	return c, classify(err)
}

// openingNotices gives notices of the openings behind a number, and the last number. Before 0 there is none to tell of.
func (db *DB) openingNotices(ctx context.Context, behind int64) (news []ChangeNotice, last int64, err error) {
	const q = `SELECT person, number FROM thalamus_emergencies WHERE number > $1 ORDER BY number`
	const end = `SELECT COALESCE(max(number), 0) FROM thalamus_emergencies`
	if behind < 0 {
		err = db.pool.QueryRow(ctx, end).Scan(&last)
		return nil, last, classify(err)
	}

	last = behind
	notice := ChangeNotice{Resource: fed.Emergency}
	rows, _ := db.pool.Query(ctx, q, behind)
	_, err = pgx.ForEachRow(rows, []any{&notice.Person, &last}, func() error {
		news = append(news, notice)
		return nil
	})
	return news, last, classify(err)
}
