// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// deletedWindow is how many changes one statement looks at.
const deletedWindow = 10_000

// Deletion is a record that Restore can put back.
type Deletion struct {
	Resource fed.Resource
	ID       string
	Person   *string // whom it is about; nil: nobody
	Page     *string // on which a document hung; nil: it is none, or does not say
	Time     time.Time
	Account  *string // that asked a server for it
	DBUser   *string // of the connection
}

// DeletedQuery says which deletions are asked for.
type DeletedQuery struct {
	Person string    // only what is about this person; "": everything
	Since  time.Time // only from then on; zero: since ever
}

// Deleted hands on what Restore could put back, the newest deletion first: in this order
// a person comes before the pages, and a page before the documents that were deleted with
// it. All changes of that time are looked at, some at a time.
func (v View) Deleted(ctx context.Context, q DeletedQuery, take func(Deletion) error) error {
	const last = 1<<63 - 1
	for before := int64(last); ; {
		var found []Deletion
		var first *int64
		err := retryLost(ctx, func() (err error) {
			first, found, err = v.db.deletedBefore(ctx, before, q)
			return err
		})
		if err != nil || first == nil {
			return classify(err)
		}

		for _, deletion := range found {
			if err := take(deletion); err != nil {
				return err
			}
		}

		before = *first
	}
}

// deletedBefore looks at the changes before a position. first is that of the earliest of them;
// nil: there are none that are asked for.
func (db *DB) deletedBefore(ctx context.Context, before int64, q DeletedQuery) (first *int64, found []Deletion, err error) {
	const window = `SELECT min(seq) FROM (SELECT seq, time FROM thalamus_changes WHERE seq < $1 ORDER BY seq DESC LIMIT $2) AS looked
		HAVING max(time) >= $3`

	rows, _ := db.pool.Query(ctx, window, before, deletedWindow, q.Since)
	places, err := pgx.CollectRows(rows, pgx.RowTo[*int64])
	if err != nil || len(places) == 0 {
		return nil, nil, err
	}

	rows, _ = db.pool.Query(ctx, deletedStatement, places[0], before, q.Since, q.Person)
	found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Deletion])
	return places[0], found, err
}

// deletedStatement finds the records among some changes whose last one is a deletion, and
// of which it is kept what they held.
var deletedStatement = fmt.Sprintf(`
SELECT resource, id, person, CASE WHEN resource = '%s' THEN before ->> '%s' END, time, account, db_user FROM thalamus_changes AS c
WHERE seq >= $1 AND seq < $2 AND time >= $3 AND ($4 = '' OR person = $4)
	AND operation = 'delete' AND before IS NOT NULL
	AND NOT EXISTS (SELECT FROM thalamus_changes AS later
		WHERE later.id = c.id AND later.resource = c.resource AND later.version > c.version)
ORDER BY seq DESC`, fed.Document, fed.Document.Info().Page)
