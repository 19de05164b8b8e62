// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"fmt"
	"slices"
	"strings"

	"thalamus/internal/fed"
)

// isPersonal reports whether the records of a resource are about persons.
func isPersonal(resource fed.Resource) bool { return resource.Info().Owner != "" }

// Windows of the feed: the positions that are looked at.
const (
	wholeWindow   = `SELECT position, seq, tag FROM thalamus_feed WHERE position > $1 ORDER BY position`
	personWindow  = `SELECT position, seq, tag FROM thalamus_feed WHERE person = $3 AND position > $1 ORDER BY position`
	ownersWindow  = `SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position`
	nobodysWindow = `SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position`
	ownWindow     = `(` + ownersWindow + ` LIMIT 20000) UNION ALL (` + nobodysWindow + ` LIMIT 20000) ORDER BY position`
	emptyWindow   = `SELECT position, seq, tag FROM thalamus_feed WHERE false`
)

// window chooses what holds all that can be seen, and little else.
func (q FeedQuery) window() string {
	switch {
	case len(q.All) == 0 && len(q.Own) == 0:
		return emptyWindow
	case q.Person != "":
		return personWindow
	case slices.ContainsFunc(q.All, isPersonal):
		return wholeWindow
	case len(q.Own) == 0:
		return nobodysWindow
	case len(q.All) == 0:
		return ownersWindow
	}
	return ownWindow
}

// seesAll reports whether no change is left out for somebody from whom perhaps some are withheld.
func (q FeedQuery) seesAll(mayMiss bool) bool {
	return !mayMiss && q.Person == "" && q.NotNode == "" && len(q.All) == resources
}

// statement gives a row for each change of the page; one without a change if
// there is none. A change is looked up by its window's row, one at a time, whatever
// the statistics say, so that it ends where the page is full.
func (q FeedQuery) statement(mayMiss bool) string {
	return feedStatements[feedKind{q.window(), q.seesAll(mayMiss), q.NoData}]
}

// feedKind is what the text of a statement depends on.
type feedKind struct {
	window        string
	seesAll, bare bool
}

// resources is how many there are.
var resources = len(fed.Resources())

// feedStatements has them all: thousands of readers ask again and again.
var feedStatements = func() map[feedKind]string {
	statements := map[feedKind]string{}
	for _, window := range []string{wholeWindow, personWindow, ownersWindow, nobodysWindow, ownWindow, emptyWindow} {
		for _, bare := range []bool{false, true} {
			data := feedData
			if bare {
				data = noFeedData
			}

			statements[feedKind{window, false, bare}] = fmt.Sprintf(feedStatement,
				window, fmt.Sprint(maxPositions), wantedChanges, data.after, data.joins, data.shown, maxStoredBytes)

			statements[feedKind{window, true, bare}] = fmt.Sprintf(feedStatement,
				window, "$2::bigint + 1", "true", data.after, data.joins, data.shown, maxStoredBytes)
		}
	}

	return statements
}()

var wantedChanges = visible(feedChanges, `$9`) + `
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE)`

const feedStatement = `
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, ` + canOnlyRead + ` AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (%[1]s LIMIT %[2]s) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE %[3]s ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, %[4]s FROM page AS c %[5]s ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, %[6]s
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (%[1]s LIMIT %[2]s) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET %[2]s - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < %[7]d ORDER BY position LIMIT $2::bigint
) AS c ON true`

// feedColumns are the parts of the statement about the records: the one after a
// change is what the next change found, or what is there.
type feedColumns struct{ after, joins, shown string }

var noFeedData = feedColumns{`NULL::jsonb AS after, false AS shown`, ``, `NULL::text`}

var feedData = feedColumns{
	after: `CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (` + sinceDeletion + `) AS shown`,
	joins: `
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			` + liveRecords() + `
		) AS live ON true`,
	shown: `CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource ` + withoutSecrets() + `ELSE c.after END)::text END`,
}

// liveRecords finds the record of a change c in its table.
func liveRecords() string {
	var tables []string
	for _, i := range fed.Resources() {
		tables = append(tables, fmt.Sprintf(`SELECT data, %s AS person, version FROM %s WHERE c.resource = '%s' AND id = c.id`,
			orNull(i.Owner, `NULL`), i.Table, i.Resource))
	}
	return strings.Join(tables, "\n\t\t\tUNION ALL ")
}

// withoutSecrets are the cases of a change c after which a part of the record is shown.
func withoutSecrets() (cases string) {
	for _, i := range fed.Resources() {
		if i.Secret != "" {
			cases += fmt.Sprintf(`WHEN '%s' THEN c.after - '%s' `, i.Resource, i.Secret)
		}
	}
	return cases
}

// asker is from whom changes may be withheld; mayMiss is false where none are. Those who see only what is
// about themselves have nothing withheld.
func (q FeedQuery) asker(v View) asker {
	switch {
	case q.Person != "":
		return askerOf(v, q.Person)
	case !slices.ContainsFunc(q.All, isPersonal):
		return askerOf(v, v.reader.Account)
	}
	return askerOf(v)
}
