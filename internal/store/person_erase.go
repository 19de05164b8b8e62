// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// Erased counts what is no longer there.
type Erased struct {
	People, Pages, Documents int64 // that were there until now
	Changes                  int64 // of the history
}

// PersonKnown reports whether there is a person or was one.
func (db *DB) PersonKnown(ctx context.Context, id string) (known bool, err error) {
	const q = `SELECT EXISTS (SELECT FROM people WHERE id = $1)
		OR EXISTS (SELECT FROM thalamus_changes WHERE id = $1 AND resource = 'person')`
	err = db.pool.QueryRow(ctx, q, id).Scan(&known)
	return known, classify(err)
}

// Erase removes a person with the pages and documents, and all that the history
// holds of them: of each record a deletion stays that says no more than that and when.
// It takes the owner of the tables.
func (db *DB) Erase(ctx context.Context, w fed.Write, id string) (e Erased, err error) {
	err = db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		return pg.Transaction(ctx, conn, func(tx pgx.Tx) (err error) {
			e, err = erase(ctx, tx, w, id)
			return err
		})
	})
	if err != nil {
		return Erased{}, forbidden(err)
	}

	return e, nil
}

func erase(ctx context.Context, tx pgx.Tx, w fed.Write, id string) (e Erased, err error) {
	if err := lockAdministrators(ctx, tx); err != nil {
		return e, err
	}
	if err := lockPerson(ctx, tx, id); err != nil {
		return e, err
	}
	if err := refuseLastAdministrator(ctx, tx, w, id); err != nil {
		return e, err
	}

	documents, err := deleteAll(ctx, tx, id, &e)
	if err != nil {
		return e, err
	}
	if err := publishAll(ctx, tx); err != nil {
		return e, err
	}
	if err := deleteUnusedWords(ctx, tx); err != nil {
		return e, err
	}

	e.Changes, err = redactChanges(ctx, tx, id, documents)
	if err != nil {
		return e, err
	}

	return e, checkStillErased(ctx, tx, id)
}

// forbidden says whom the database would obey.
func forbidden(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		return &fed.Error{Kind: fed.Forbidden, Err: err,
			Msg: "only the owner of the tables may erase: run this as the database user with whom thalamus migrate is run; nothing was changed"}
	}
	return classify(err)
}

// publishAll lets the feed have all there is until now, the deletions as well, and
// keeps others from publishing until the transaction ends: so no reader's next position is
// one that is removed.
func publishAll(ctx context.Context, tx pgx.Tx) error {
	const q = `SELECT thalamus_publish()`
	for published := 1; published > 0; {
		if err := tx.QueryRow(ctx, q).Scan(&published); err != nil {
			return err
		}
	}

	return nil
}

// lockPerson keeps new pages and documents out until the transaction ends, and
// refuses when somebody else's document hangs on a page. Uploads, too, lock a page
// before its person.
func lockPerson(ctx context.Context, tx pgx.Tx, id string) error {
	const pages, person = `SELECT FROM pols WHERE book = $1 FOR UPDATE`, `SELECT FROM people WHERE id = $1 FOR UPDATE`
	const q = `SELECT COALESCE(array_agg(d.id ORDER BY d.id), '{}') FROM personal_docs AS d JOIN pols AS p ON p.id = d.pol
		WHERE p.book = $1 AND d.fedacct <> $1`
	for _, lock := range []string{pages, person} {
		if _, err := tx.Exec(ctx, lock, id); err != nil {
			return err
		}
	}

	var others []string
	if err := tx.QueryRow(ctx, q, id).Scan(&others); err != nil {
		return err
	}
	if len(others) > 0 {
		return fed.Errorf(fed.Conflict, "documents of other persons hang on pages of this book: %s; delete them or hang them elsewhere first", strings.Join(others, ", "))
	}

	return nil
}

// deleteAll deletes the records, and gives the ids of the documents.
func deleteAll(ctx context.Context, tx pgx.Tx, id string, e *Erased) (documents []string, err error) {
	const docs = `DELETE FROM personal_docs WHERE fedacct = $1 OR fedacct IS NULL AND pol IN (SELECT id FROM pols WHERE book = $1) RETURNING id`
	rows, _ := tx.Query(ctx, docs, id)
	documents, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}

	e.Documents = int64(len(documents))
	for _, step := range []struct {
		sql   string
		count *int64
	}{
		{`DELETE FROM thalamus_session WHERE account = $1`, new(int64)}, {`DELETE FROM thalamus_visit WHERE account = $1`, new(int64)},
		{`DELETE FROM thalamus_reset WHERE account = $1`, new(int64)}, {`DELETE FROM thalamus_followers WHERE account = $1`, new(int64)},
		{`DELETE FROM thalamus_consents WHERE person = $1`, new(int64)},
		{`UPDATE thalamus_emergencies SET reason = '', finding = NULL WHERE person = $1`, new(int64)},
		{`DELETE FROM pols WHERE book = $1`, &e.Pages}, {`DELETE FROM people WHERE id = $1`, &e.People},
		{`DELETE FROM thalamus_private WHERE person = $1`, new(int64)},
	} {
		tag, err := tx.Exec(ctx, step.sql, id)
		if err != nil {
			return nil, err
		}
		*step.count = tag.RowsAffected()
	}

	return documents, nil
}

// redactChanges empties the newest change of each record of the person, which is its
// deletion, and makes a stub of the first, by which an id that was used is known.
// The others go. Their places in the feed stay, empty: a reader's cursor may stand
// on one.
func redactChanges(ctx context.Context, tx pgx.Tx, id string, documents []string) (changes int64, err error) {
	const q = `
WITH about AS (
	SELECT seq, operation, version = 1 AND part = 0 AS first, row_number() OVER (PARTITION BY resource, id ORDER BY version DESC, part) AS n
	FROM thalamus_changes WHERE person = $1 OR person IS NULL AND resource = 'document' AND id = ANY ($2)
), removed AS (
	DELETE FROM thalamus_changes AS c USING about WHERE c.seq = about.seq AND about.n > 1 AND NOT about.first
), emptied AS (
	UPDATE thalamus_changes AS c SET before = NULL, document = NULL, account = NULL, request = NULL, node = NULL, db_user = NULL,
		operation = CASE WHEN about.n = 1 THEN c.operation ELSE 'cut' END,
		person = CASE WHEN about.n = 1 THEN c.person END,
		time = CASE WHEN about.n = 1 THEN c.time ELSE now() END
	FROM about WHERE c.seq = about.seq AND (about.n = 1 OR about.first)
), unlisted AS (
	UPDATE thalamus_feed AS f SET seq = 0 FROM about WHERE f.seq = about.seq AND about.n > 1
)
SELECT count(*) FROM about WHERE n > 1 AND operation <> 'cut'`

	err = tx.QueryRow(ctx, q, id, documents).Scan(&changes)
	return changes, err
}

// deleteUnusedWords takes the words that nobody has in a name, any more, from those that
// searches know: of the person's former names, too, whether or not they are kept. All
// names are read for it, half a million in less than a second. Nobody learns meanwhile.
func deleteUnusedWords(ctx context.Context, tx pgx.Tx) error {
	const lock = `SELECT pg_advisory_xact_lock(x'7468616c'::int, 2)`
	const q = `DELETE FROM thalamus_name_words AS known
		WHERE NOT EXISTS (SELECT FROM (SELECT unnest(words) AS word FROM people) AS had WHERE had.word = known.word)`
	if _, err := tx.Exec(ctx, lock); err != nil {
		return err
	}

	_, err := tx.Exec(ctx, q)
	return err
}

// checkStillErased makes sure that nobody created the person again meanwhile.
func checkStillErased(ctx context.Context, tx pgx.Tx, id string) error {
	const q = `SELECT EXISTS (SELECT FROM people WHERE id = $1)`
	var exists bool
	if err := tx.QueryRow(ctx, q, id).Scan(&exists); err != nil {
		return err
	}
	if exists {
		return fed.Errorf(fed.Conflict, "%s was created again at this moment; nothing was erased", id)
	}

	return nil
}
