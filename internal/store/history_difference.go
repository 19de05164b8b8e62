// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bounds of what is shown of one change.
const (
	shownMembers = 50  // that changed
	shownText    = 500 // characters of a value
)

// Difference is a change of a record, with what it changed.
type Difference struct {
	Version   int64
	Operation string // create, update, delete
	Time      time.Time
	Account   *string // that asked a server for it; nil: nobody knows
	Node      *string // from where
	Known     bool    // else what it changed is not known any more, or not to be seen
	Members   []MemberDifference
}

// MemberDifference is a member with another value than before, as text; "" is none. Long values
// are cut.
type MemberDifference struct{ Key, Before, After string }

// Differences gives at most so many changes of a record, the newest first, with what each has
// changed: of what History shows, and nothing else.
func (v View) Differences(ctx context.Context, past HistoryQuery, most int) (all []Difference, err error) {
	args := past.args(v)
	args["most"] = most
	rows, _ := v.db.pool.Query(ctx, selectDifferences(past), args)
	all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Difference])
	return all, classify(err)
}

// selectDifferences compares each change that may be shown with the one before it, if that may
// be shown, too.
func selectDifferences(past HistoryQuery) string {
	return fmt.Sprintf(`
WITH shown AS (
	SELECT version, operation, time, account, node, (%s) AS after FROM (
		SELECT * FROM thalamus_changes AS c WHERE %s AND part = 0 ORDER BY version DESC LIMIT @most::bigint + 1
	) AS c
), compared AS (
	SELECT *, CASE lead(version) OVER last WHEN version - 1 THEN lead(after) OVER last END AS before, row_number() OVER last AS n
	FROM shown WINDOW last AS (ORDER BY version DESC)
)
SELECT version, operation, time, account, node, known, COALESCE((
	SELECT jsonb_agg(jsonb_build_object('Key', key, 'Before', before, 'After', after) ORDER BY key) FROM (
		SELECT key, COALESCE(left(old.value, %d), '') AS before, COALESCE(left(new.value, %[3]d), '') AS after
		FROM jsonb_each_text(before) AS old FULL JOIN jsonb_each_text(after) AS new USING (key)
		WHERE known AND old.value IS DISTINCT FROM new.value ORDER BY key LIMIT %[4]d
	) AS members), '[]') FROM (SELECT *, before IS NOT NULL AND after IS NOT NULL AS known FROM compared) AS compared WHERE n <= @most ORDER BY n`, afterChange(past.Resource), visibleChanges, shownText, shownMembers)
}
