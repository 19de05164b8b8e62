// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// maxNews is how many changes about a person are looked through, the newest.
const maxNews = 1000

// Visit is a sign-in, and what was known then.
type Visit struct {
	Time     time.Time // zero: there was none
	position int64     // the end of the feed
}

// PageNews is a page that has come or changed since a visit.
type PageNews struct {
	ID        string
	Page      fed.Record // the members that were asked for, cut
	Created   bool
	Documents bool      // or some were added to it, or changed
	Others    bool      // somebody else than the person did it
	Account   *string   // that did so last; of several, of the others
	Time      time.Time // of the last change
}

var selectNews = `
WITH recent AS MATERIALIZED (
	SELECT f.position, c.resource, c.id, c.operation, c.account, c.account IS DISTINCT FROM $1 AS others, c.time
	FROM (SELECT position, seq FROM thalamus_feed WHERE person = $1::varchar AND position > $2 ORDER BY position DESC LIMIT ` + strconv.Itoa(maxNews) + `) AS f
	JOIN thalamus_changes AS c ON c.seq = f.seq WHERE c.resource IN ('page', 'document')
), news AS MATERIALIZED (
	SELECT COALESCE(d.pol, r.id) AS page, bool_or(d.id IS NULL AND r.operation = 'create') AS created, bool_or(d.id IS NOT NULL) AS documents,
		bool_or(others) AS others, (array_agg(account ORDER BY others DESC, position DESC))[1] AS account, max(time) AS time, max(position) AS position
	FROM recent AS r LEFT JOIN personal_docs AS d ON r.resource = 'document' AND d.id = r.id
	WHERE r.resource = 'page' OR d.pol IS NOT NULL
	GROUP BY COALESCE(d.pol, r.id)
)
SELECT pols.id, %s, created, documents, others, account, time FROM news JOIN pols ON pols.id = news.page
WHERE book = $1 AND ` + visible(pageRows, `$5`) + ` ORDER BY others DESC, news.position DESC LIMIT $3`

// News gives at most so many pages of a person's book that have come or changed since a visit,
// and whether there may be more: first those in which others had a hand, then the last change first.
// Of each page it reads these members. A change is news a moment after it is committed.
func (v View) News(ctx context.Context, person string, since Visit, members []string, limit int) (news []PageNews, more bool, err error) {
	rows, _ := v.db.origin().pool.Query(ctx, fmt.Sprintf(selectNews, listedMembers(`$4`)), person, since.position, limit+1, members, askerOf(v, person))
	news, err = pgx.CollectRows(rows, scanNews)
	if len(news) > limit {
		return news[:limit], true, classify(err)
	}
	return news, false, classify(err)
}

func scanNews(row pgx.CollectableRow) (n PageNews, err error) {
	var page []byte
	err = row.Scan(&n.ID, &page, &n.Created, &n.Documents, &n.Others, &n.Account, &n.Time)
	n.Page = page
	return n, err
}
