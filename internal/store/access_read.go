// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// AccessQuery says which accesses are asked for: those to a person, or those of an account.
type AccessQuery struct {
	Person   string    // stored id; "" where Account is asked for
	Account  string    // stored id of the reader; "": anybody
	From, To time.Time // at or after the one, before the other; zero: open
	Others   bool      // without the person's own
}

// AccessKey is the place of an access among all, of which the newest is the first.
type AccessKey struct {
	Time time.Time
	Seq  int64 // tells accesses of one time apart; from 1 on
}

// Format writes a key for ParseAccessKey.
func (k AccessKey) Format() string {
	return strconv.FormatInt(k.Time.UnixMicro(), 10) + "." + strconv.FormatInt(k.Seq, 10)
}

// ParseAccessKey reads what Format wrote; ok is false for anything else.
func ParseAccessKey(text string) (key AccessKey, ok bool) {
	micros, number, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(micros, 10, 64)
	at := time.UnixMicro(n).UTC()
	if err != nil || !ok || at.Year() < 1 || at.Year() > 9999 {
		return AccessKey{}, false
	}

	seq, err := strconv.ParseInt(number, 10, 64)
	return AccessKey{Time: at, Seq: seq}, err == nil
}

// Access is one access of an account to a person, given or refused. Its line names no persons of
// a list, and has another Person if the list was of that one.
type Access struct {
	AccessLine
	Seq  int64 // tells accesses of one time apart
	Way  fed.AccessWay
	Name string // of the account, as it is now; "": none is known
	Own  bool   // the account is the person's
}

// Accesses hands on the accesses to a person, of an account, or of an account to a person, that are in the index of the access record,
// the newest first. NotFound: there is no such person, never was, and nobody has asked for one.
func (v View) Accesses(ctx context.Context, q AccessQuery, page Keyset[AccessKey], flow Flow, take func(Access) error) error {
	if q.Person != "" || q.Account == "" {
		if err := v.db.origin().hasAccesses(ctx, q.Person); err != nil {
			return err
		}
	}

	q.Person, q.Account = accessText(q.Person), accessText(q.Account)
	return v.db.origin().read(ctx, flow, &accessList{view: View{v.db.origin(), v.reader}, query: q, page: page, take: take})
}

// hasAccesses tells a person whom nobody has looked at from one who never was. The index cuts ids,
// the other tables have them whole.
func (db *DB) hasAccesses(ctx context.Context, person string) error {
	const q = `SELECT 1 WHERE EXISTS (SELECT FROM people WHERE id = $1)
		OR EXISTS (SELECT FROM thalamus_changes WHERE id = $1 AND resource = 'person')
		OR EXISTS (SELECT FROM thalamus_access WHERE person = $2)`
	var one int
	return notFoundOr(db.pool.QueryRow(ctx, q, withoutNUL(person), accessText(person)).Scan(&one), noPerson)
}

// accessList is the accesses to a person as a list.
type accessList struct {
	view  View
	query AccessQuery
	page  Keyset[AccessKey] // what is still to come: behind After, but for those that were taken
	take  func(Access) error
	taken int
}

// accessColumns are those of a line, but for the persons of a list.
const accessColumns = `time, seq, account, roles, method, endpoint, COALESCE(person, '') AS person, everybody,
	COALESCE(page, '') AS page, COALESCE(document, '') AS document, status, COALESCE(request, '') AS request, COALESCE(address, '') AS address,
	COALESCE(purpose, '') AS purpose, COALESCE(emergency, '') AS emergency`

// shownAccess are the columns of a line a as its reader has them, without the ids of a page that is withheld;
// visibleAccess says whether it is.
const shownAccess = `a.time, a.seq, a.account, a.roles, a.method, a.endpoint, a.person, a.everybody,
	CASE WHEN told THEN a.page ELSE '' END, CASE WHEN told THEN a.document ELSE '' END, a.status, a.request, a.address,
	a.purpose, a.emergency`

var visibleAccess = `LATERAL (SELECT a.page = '' OR ` + unlessWithheld(`@asker`, `thalamus_withheld(%s, a.person, a.page)`) + ` AS told OFFSET 0) AS page`

// accessStatement finds the newest accesses before a key: those that named the person, those in whose
// lists the person was, and those of everybody.
func accessStatement(limit int) string {
	branch := func(way fed.AccessWay, where string) string {
		return fmt.Sprintf(`(SELECT %s, '%s' AS way FROM thalamus_access
		WHERE %s AND time >= @from AND time <= @before AND (time, seq) < (@before, @seq::bigint) AND NOT (@others AND account = @person)
			AND (@account = '' OR account = @account)
		ORDER BY time DESC, seq DESC LIMIT %d)`, accessColumns, way, where, limit)
	}

	const another = ` AND person IS DISTINCT FROM @person`
	return fmt.Sprintf(`
WITH found AS (
	%s UNION ALL
	%s UNION ALL
	%s
)
SELECT %s, a.way, COALESCE((SELECT concat_ws(' ', NULLIF(data ->> 'name', ''), NULLIF(data ->> 'lastname', '')) FROM people
	WHERE id = a.account AND jsonb_typeof(data) = 'object'), ''), a.account = @person
FROM (SELECT * FROM found ORDER BY time DESC, seq DESC LIMIT %d) AS a, %s ORDER BY time DESC, seq DESC`,
		branch(fed.AccessAsked, `person = @person`),
		branch(fed.AccessListed, `persons @> ARRAY[@person::text]`+another),
		branch(fed.AccessAll, `everybody`+another), shownAccess, limit, visibleAccess)
}

// accountStatement finds the newest accesses of an account before a key, whomever they are about.
func accountStatement(limit int) string {
	return fmt.Sprintf(`
SELECT %s, CASE WHEN person <> '' THEN '%s' WHEN everybody THEN '%s' ELSE '%s' END,
	COALESCE((SELECT concat_ws(' ', NULLIF(data ->> 'name', ''), NULLIF(data ->> 'lastname', '')) FROM people
	WHERE id = a.account AND jsonb_typeof(data) = 'object'), ''), a.account = a.person
FROM (SELECT %s FROM thalamus_access
	WHERE account = @account AND time >= @from AND time <= @before AND (time, seq) < (@before, @seq::bigint)
	ORDER BY time DESC, seq DESC LIMIT %d) AS a, %s ORDER BY time DESC, seq DESC`,
		shownAccess, fed.AccessAsked, fed.AccessAll, fed.AccessListed, accessColumns, limit, visibleAccess)
}

func (l *accessList) statement(limit int) string {
	if l.query.Person == "" && l.query.Account != "" {
		return accountStatement(limit)
	}
	return accessStatement(limit)
}

// byIndex has lists of very many persons not read from one end to the other, however few they are: to look
// into each takes longer than PostgreSQL expects. And it has the newest accesses read in the order of an
// index, up to the limit: of a span of time PostgreSQL expects so few that it would read and sort all.
var byIndex = pgx.TxOptions{BeginQuery: `BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off`}

// args are those of the statement for what is behind After. A time is before the time of To and of
// no place there.
func (l *accessList) args() pgx.NamedArgs {
	end := AccessKey{Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}
	if !l.query.To.IsZero() {
		end.Time = l.query.To
	}
	if after := l.page.After; after != nil && after.Time.Before(end.Time) {
		end = *after
	}
	return pgx.NamedArgs{
		"person": l.query.Person, "account": l.query.Account, "others": l.query.Others,
		"from": l.query.From, "before": end.Time, "seq": end.Seq, "asker": askerOf(l.view), // a line about this person may be of another's page
	}
}

// piece finds as many as are asked for, so that what comes behind them is told before any is sent.
func (l *accessList) piece(ctx context.Context, bytes int64) (more bool, needed int64, err error) {
	most := pieceRows
	if l.page.Limit > 0 {
		most = l.page.Limit - l.taken
	}

	var found []keyedAccess
	err = l.view.db.inTransaction(ctx, byIndex, func(query queryFunc) error {
		rows, err := query(ctx, l.statement(most+1), l.args())
		if err != nil {
			return classify(err)
		}
		found, err = pgx.CollectRows(rows, scanAccess)
		return classify(err)
	})
	if err != nil {
		return false, 0, err
	}

	behind := len(found) > most
	found = found[:min(most, len(found))]
	if behind && l.page.Limit > 0 {
		l.page.tellMore(&found[most-1].key)
	}

	handed, needed, err := l.handOn(found, bytes)
	return handed < len(found) || behind && l.page.Limit == 0, needed, err
}

// handOn hands on the first accesses: as many as come to these bytes.
func (l *accessList) handOn(found []keyedAccess, bytes int64) (handed int, needed int64, err error) {
	for i := range found {
		size := found[i].size()
		if size > bytes && i == 0 {
			return 0, size, nil
		}
		if size > bytes {
			return i, 0, nil
		}

		bytes -= size
		if err := l.take(found[i].Access); err != nil {
			return i, 0, err
		}

		l.page.After = &found[i].key
		l.taken++
	}
	return len(found), 0, nil
}

// stream hands on none: each piece is found by its key.
func (l *accessList) stream(context.Context, func() bool) (more bool, err error) { return true, nil }

// keyedAccess is an access with its place.
type keyedAccess struct {
	Access
	key AccessKey
}

func scanAccess(row pgx.CollectableRow) (a keyedAccess, err error) {
	err = row.Scan(&a.key.Time, &a.key.Seq, &a.Account, &a.Roles, &a.Method, &a.Endpoint, &a.Person, &a.Everybody,
		&a.Page, &a.Document, &a.Status, &a.Request, &a.Address, &a.Purpose, &a.Emergency, &a.Way, &a.Name, &a.Own)
	a.Time, a.Seq = a.key.Time, a.key.Seq
	if a.Way != fed.AccessAsked && a.Emergency != "" { // the line is of another's emergency; this person's has one of its own
		a.Purpose, a.Emergency = "", ""
	}
	return a, err
}

// size is about how many bytes an access is in a reply.
func (a *keyedAccess) size() int64 {
	const keys = 250 // with what is around them
	size := keys + len(a.Account) + len(a.Name) + len(a.Method) + len(a.Endpoint) + len(a.Person) + len(a.Page) + len(a.Document) +
		len(a.Request) + len(a.Address) + len(a.Purpose) + len(a.Emergency)
	for _, role := range a.Roles {
		size += len(role)
	}
	return int64(size)
}
