// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
	"thalamus/internal/record"
)

// Statement says who may read a person's book, or may not.
type Statement struct {
	ID, Person string
	Scope      string // "*", or page:, domain: or type: and what of it
	Who        string // "*", or account: or institution: and its id
	Effect     string // deny, permit, or act: who reads as the person
	Until      *time.Time
	Account    *string // who said so,
	Time       time.Time
	Ended      *time.Time // when it was taken back; nil: it was not
	EndedBy    *string
}

// Consents are the statements of persons as a reader has them.
type Consents View

// maxStatements is how many may be in force about one person: each page that is read is held against them.
const maxStatements = 200

// consentInForce is true of statements that count now.
const consentInForce = `ended IS NULL AND (until IS NULL OR until > statement_timestamp())`

const statementColumns = `id, person, scope, who, effect, until, account, time, ended, ended_by`

// shownStatement are the columns of a statement as an asker has them: the scope is page, without an id, where that
// page is withheld.
func shownStatement(asker string) string {
	return `id, person, CASE WHEN scope NOT LIKE 'page:%' OR ` + unlessWithheld(asker, `thalamus_withheld(%s, person, substr(scope, 6))`) + ` THEN scope ELSE 'page' END,
	who, effect, until, account, time, ended, ended_by`
}

// Each hands on a part of what was said for a person, the former statements, too, by id: the earliest is first.
func (c Consents) Each(ctx context.Context, person string, s Keyset[string], take func(Statement) error) error {
	var one Statement
	said := keysetQuery{table: `thalamus_consents`, columns: statementColumns[len("id, "):], shown: shownStatement(`$2`), where: `person = $1`}
	into := []any{&one.ID, &one.Person, &one.Scope, &one.Who, &one.Effect, &one.Until, &one.Account, &one.Time, &one.Ended, &one.EndedBy}
	return said.each(ctx, c.db.pool.Query, parameters{person, askerOf(View(c), person)}, s, into, func() error { return take(one) })
}

// newSortedID makes an id by which what is later comes later.
func newSortedID() string {
	return time.Now().UTC().Format("20060102-150405.000000-") + strings.ToLower(rand.Text()[:10])
}

// Say records a statement; created is false if the same is in force. NotFound: there is no such person. Invalid: the book
// has no such page that the reader sees, or there are too many statements.
func (c Consents) Say(ctx context.Context, w fed.Write, s Statement) (said Statement, created bool, err error) {
	s.ID = newSortedID()
	c.db.guarded.add(s.Person) // before anybody can see that it is said
	err = c.db.writes.within(ctx, func() error {
		return c.db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			return pg.Transaction(ctx, conn, func(tx pgx.Tx) (err error) {
				if err := c.check(ctx, tx, &s); err != nil {
					return err
				}
				said, created, err = insertConsent(ctx, tx, w, s)
				return err
			})
		})
	})
	return said, created, classify(err)
}

var (
	lockConsents = `SELECT pg_advisory_xact_lock(x'7468616c'::int, hashtext($1))`
	seesPage     = `SELECT EXISTS (SELECT FROM pols WHERE book = $1 AND id = $2 AND ` + unlessWithheld(`$3`, pageWithheld) + `)`
)

// check resolves whom a statement names, and refuses one that says nothing.
func (c Consents) check(ctx context.Context, tx pgx.Tx, s *Statement) error {
	const known = `SELECT EXISTS (SELECT FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'),
		(SELECT count(*) FROM thalamus_consents WHERE person = $1 AND ` + consentInForce + `)`
	if _, err := tx.Exec(ctx, lockConsents, s.Person); err != nil {
		return err
	}

	var exists bool
	var inForce int
	if err := tx.QueryRow(ctx, known, s.Person).Scan(&exists, &inForce); err != nil {
		return err
	}
	if !exists {
		return fed.Errorf(fed.NotFound, noPerson)
	}
	if inForce >= maxStatements {
		return fed.Errorf(fed.Invalid, "There are %d statements in force already; take some back before.", inForce)
	}

	if page, ok := strings.CutPrefix(s.Scope, "page:"); ok {
		var sees bool
		if err := tx.QueryRow(ctx, seesPage, s.Person, page, askerOf(View(c), s.Person)).Scan(&sees); err != nil {
			return err
		}
		if !sees {
			return fed.Errorf(fed.Invalid, "The book has no such page.")
		}
	}

	return resolveWho(ctx, tx, s)
}

// Act is the effect of a statement that says who acts for the person.
const Act = "act"

// resolveProxy finds how the id of an account is stored that is to act for the person.
func resolveProxy(ctx context.Context, tx pgx.Tx, s *Statement) error {
	const q = `SELECT id FROM people WHERE id IN ($1, $2) ORDER BY id <> $1 LIMIT 1`
	id := strings.TrimPrefix(s.Who, "account:")
	err := tx.QueryRow(ctx, q, id, record.Upper(id)).Scan(&id)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fed.Errorf(fed.Invalid, "There is no such account.")
	case err == nil && id == s.Person:
		return fed.Errorf(fed.Invalid, "A person needs nobody's leave to act for herself.")
	}

	s.Who = "account:" + id
	return err
}

// resolveWho finds how the id of an institution or account is stored. Nobody is told which accounts there are: one that
// is not stored as it is spelled is taken in upper case.
func resolveWho(ctx context.Context, tx pgx.Tx, s *Statement) error {
	const q = `SELECT EXISTS (SELECT FROM institutions WHERE id = $1), EXISTS (SELECT FROM people WHERE id = $1)`
	if s.Effect == Act {
		return resolveProxy(ctx, tx, s)
	}
	if s.Who == "*" {
		return nil
	}

	kind, id, named := strings.Cut(s.Who, ":")
	if kind != "account" && kind != "institution" || !named {
		kind, id = "", s.Who
	}

	var institution, person bool
	if err := tx.QueryRow(ctx, q, id).Scan(&institution, &person); err != nil {
		return err
	}

	switch {
	case kind != "account" && institution:
		s.Who = "institution:" + id
	case kind == "institution":
		return fed.Errorf(fed.Invalid, "There is no such institution.")
	case person:
		s.Who = "account:" + id
	default:
		s.Who = "account:" + record.Upper(id)
	}
	return nil
}

func insertConsent(ctx context.Context, tx pgx.Tx, w fed.Write, s Statement) (said Statement, created bool, err error) {
	const same = `SELECT ` + statementColumns + ` FROM thalamus_consents WHERE person = $1 AND scope = $2 AND who = $3 AND effect = $4
		AND until IS NOT DISTINCT FROM $5 AND ended IS NULL LIMIT 1`
	const insert = `INSERT INTO thalamus_consents (id, person, scope, who, effect, until, account, request)
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, ''), NULLIF($8, '')) RETURNING ` + statementColumns

	rows, _ := tx.Query(ctx, same, s.Person, s.Scope, s.Who, s.Effect, s.Until)
	said, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Statement])
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return said, false, err
	}

	rows, _ = tx.Query(ctx, insert, s.ID, s.Person, s.Scope, s.Who, s.Effect, s.Until, w.Account, w.Request)
	said, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Statement])
	return said, true, err
}

// TakeBack ends a statement of a person. NotFound: it is not in force. Forbidden: it says who acts for the person, and acts
// is false.
func (c Consents) TakeBack(ctx context.Context, w fed.Write, person, id string, acts bool) error {
	const q = `WITH said AS (SELECT id, effect FROM thalamus_consents WHERE person = $1 AND id = $2 AND ended IS NULL FOR UPDATE), ended AS (
			UPDATE thalamus_consents AS c SET ended = clock_timestamp(), ended_by = NULLIF($3, '')
			FROM said WHERE c.id = said.id AND (said.effect <> 'act' OR $4))
		SELECT effect = 'act' AND NOT $4 FROM said`
	const done = `SELECT id FROM thalamus_consents WHERE person = $1 AND id = $2 AND ended IS NOT NULL`
	var refused bool
	err := c.db.writes.within(ctx, func() error {
		return c.db.pool.Write(ctx, func(conn *pgx.Conn, again bool) error {
			err := conn.QueryRow(ctx, q, person, id, w.Account, acts).Scan(&refused)
			if again && errors.Is(err, pgx.ErrNoRows) {
				return conn.QueryRow(ctx, done, person, id).Scan(new(string))
			}
			return err
		})
	})
	if refused {
		return fed.Errorf(fed.Forbidden, "A registrar ends what lets somebody act for a person.")
	}
	return notFoundOr(err, "There is no such statement in force.")
}

// Acts reports whether an account acts for a person.
func (db *DB) Acts(ctx context.Context, account, person string) (acts bool, err error) {
	const q = `SELECT EXISTS (SELECT FROM thalamus_consents WHERE effect = 'act' AND who = 'account:' || $1 AND person = $2 AND ` + consentInForce + `)`
	if account == "" || !db.guarded.isSaid(person) {
		return false, nil
	}

	err = db.pool.QueryRow(ctx, q, account, person).Scan(&acts)
	return acts, classify(err)
}

var findWithheld = `SELECT EXISTS (SELECT FROM pols WHERE book = $1 AND jsonb_typeof(data) = 'object' AND NOT ` + unlessWithheld(`$2`, pageWithheld) + `)`

// Withholds reports whether a reader is to be told that pages of a person's book are withheld.
func (db *DB) Withholds(ctx context.Context, reader fed.Reader, person string) (withheld bool, err error) {
	asker := askerOf(db.For(reader), person)
	if !asker.mayMiss() || db.origin().silent {
		return false, nil
	}

	err = db.pool.QueryRow(ctx, findWithheld, person, asker).Scan(&withheld)
	return withheld, classify(err)
}
