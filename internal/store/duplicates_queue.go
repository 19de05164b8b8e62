// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// DuplicateView is the queue of duplicates as a reader has it.
type DuplicateView View

// Suspect is one of two persons who are probably one.
type Suspect struct {
	ID   string
	Name string // "": none is known
	Born string // as it is stored
}

// SuspectedPair is a pair of the queue.
type SuspectedPair struct {
	Person, Other Suspect // in the order of bytes of their ids
	Score         float64
	Key           DuplicateKey

	Decided, Account string // how and by whom, of those that are decided
	Time             time.Time
}

// DuplicateKey is the place of a pair in the queue, or among those that are decided.
type DuplicateKey struct {
	Moment        int64 // when it was put off or decided, in microseconds since 1970
	Doubt         float64
	Person, Other string
}

// lastMoment is behind all decisions.
var lastMoment = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// Format writes a key for ParseDuplicateKey.
func (k DuplicateKey) Format() string {
	doubt := strconv.FormatFloat(k.Doubt, 'g', -1, 64)
	return fmt.Sprintf("%d/%s/%s/%s", k.Moment, doubt, url.PathEscape(k.Person), url.PathEscape(k.Other))
}

// ParseDuplicateKey reads what Format wrote; ok is false for anything else.
func ParseDuplicateKey(text string) (k DuplicateKey, ok bool) {
	parts := strings.Split(text, "/")
	if len(parts) != 4 {
		return k, false
	}

	moment, wrongMoment := strconv.ParseInt(parts[0], 10, 64)
	doubt, wrongDoubt := strconv.ParseFloat(parts[1], 64)
	person, wrongPerson := url.PathUnescape(parts[2])
	other, wrongOther := url.PathUnescape(parts[3])
	inTime := moment >= 0 && moment < lastMoment // that PostgreSQL has
	return DuplicateKey{moment, doubt, person, other}, inTime && errors.Join(wrongMoment, wrongDoubt, wrongPerson, wrongOther) == nil
}

// suspects are the columns of a pair d with its persons a and b.
const suspects = `d.person, concat_ws(' ', NULLIF(a.data ->> 'name', ''), NULLIF(a.data ->> 'lastname', '')), COALESCE(a.data ->> 'dob', ''),
	d.other, concat_ws(' ', NULLIF(b.data ->> 'name', ''), NULLIF(b.data ->> 'lastname', '')), COALESCE(b.data ->> 'dob', ''), d.doubt`

// suspected are the pairs, and to each its persons: PostgreSQL expects that few of these have objects as
// data, and would join all persons and all pairs to find them.
const suspected = ` FROM thalamus_duplicates AS d
		CROSS JOIN LATERAL (SELECT data FROM people WHERE id = d.person AND jsonb_typeof(data) = 'object' OFFSET 0) AS a
		CROSS JOIN LATERAL (SELECT data FROM people WHERE id = d.other AND jsonb_typeof(data) = 'object' OFFSET 0) AS b
	WHERE`

func (p *SuspectedPair) into() []any {
	return []any{&p.Person.ID, &p.Person.Name, &p.Person.Born, &p.Other.ID, &p.Other.Name, &p.Other.Born, &p.Key.Doubt}
}

func (p *SuspectedPair) complete() {
	p.Score = 1 - p.Key.Doubt
	p.Key.Person, p.Key.Other = p.Person.ID, p.Other.ID
}

// SuspectedPairs gives a part of the queue, and whether there are more. A pair of which links say what it is,
// directly or not, is left out.
func (v DuplicateView) SuspectedPairs(ctx context.Context, s Keyset[DuplicateKey]) (found []SuspectedPair, more bool, err error) {
	const q = `SELECT ` + suspects + `, d.postponed` + suspected + ` d.decided IS NULL
			AND (d.postponed, d.doubt, d.person, d.other) > ($1::bigint, $2::float8, $3::varchar, $4::varchar) AND NOT thalamus_settled(d.person, d.other)
		ORDER BY d.postponed, d.doubt, d.person, d.other LIMIT $5`
	after := DuplicateKey{Moment: -1}
	if s.After != nil {
		after = *s.After
	}

	var p SuspectedPair
	rows, _ := v.db.pool.Query(ctx, q, after.Moment, after.Doubt, after.Person, after.Other, s.Limit+1)
	_, err = pgx.ForEachRow(rows, append(p.into(), &p.Key.Moment), func() error {
		p.complete()
		found = append(found, p)
		return nil
	})
	return found[:min(s.Limit, len(found))], len(found) > s.Limit, classify(err)
}

// DecidedPairs gives a part of the pairs that were decided, the last one first, and whether there are more.
func (v DuplicateView) DecidedPairs(ctx context.Context, s Keyset[DuplicateKey]) (found []SuspectedPair, more bool, err error) {
	const q = `SELECT ` + suspects + `, d.decided, COALESCE(d.account, ''), d.time` + suspected + ` d.decided IS NOT NULL
			AND (d.time, d.person, d.other) < ($1::timestamptz, $2::varchar, $3::varchar)
		ORDER BY d.time DESC, d.person DESC, d.other DESC LIMIT $4`
	after := DuplicateKey{Moment: lastMoment}
	if s.After != nil {
		after = *s.After
	}

	var p SuspectedPair
	rows, _ := v.db.pool.Query(ctx, q, time.UnixMicro(after.Moment), after.Person, after.Other, s.Limit+1)
	_, err = pgx.ForEachRow(rows, append(p.into(), &p.Decided, &p.Account, &p.Time), func() error {
		p.complete()
		p.Key.Moment = p.Time.UnixMicro()
		found = append(found, p)
		return nil
	})
	return found[:min(s.Limit, len(found))], len(found) > s.Limit, classify(err)
}

// DuplicateKeyOf gives the place of a pair in the queue. NotFound: it is not there.
func (db *DB) DuplicateKeyOf(ctx context.Context, person, other string) (DuplicateKey, error) {
	const q = `SELECT postponed, doubt FROM thalamus_duplicates WHERE person = $1 AND other = $2`
	k := DuplicateKey{Person: person, Other: other}
	err := db.pool.QueryRow(ctx, q, person, other).Scan(&k.Moment, &k.Doubt)
	return k, notFoundOr(err, "This pair is not in the queue.")
}

// DecidePair records that two persons are the same, or are not, as a link does, and takes the pair from the
// queue. A pair whose link is there already is taken from it, too.
func (db *DB) DecidePair(ctx context.Context, w fed.Write, person, other string, same bool) error {
	const q = `UPDATE thalamus_duplicates SET decided = CASE WHEN $3 THEN 'same' ELSE 'apart' END, account = $4, time = now()
		WHERE person = $1 AND other = $2 AND decided IS NULL`
	if _, _, err := db.Link(ctx, w, person, other, same); err != nil {
		return err
	}
	return db.execSession(ctx, q, person, other, same, w.Account)
}

// PostponePair puts a pair at the end of the queue.
func (db *DB) PostponePair(ctx context.Context, person, other string) error {
	const q = `UPDATE thalamus_duplicates SET postponed = extract(epoch FROM clock_timestamp()) * 1000000 WHERE person = $1 AND other = $2 AND decided IS NULL`
	return db.execSession(ctx, q, person, other)
}

// ReopenPair takes back what was decided of two persons, and has the pair in the queue again.
func (db *DB) ReopenPair(ctx context.Context, person, other string) error {
	const q = `UPDATE thalamus_duplicates SET decided = NULL, account = NULL, time = NULL WHERE person = $1 AND other = $2`
	err := db.Unlink(ctx, person, other)
	if err != nil && fed.KindOf(err) != fed.NotFound { // it may have been taken back over the API
		return err
	}
	return db.execSession(ctx, q, person, other)
}
