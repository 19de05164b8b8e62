// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// maxSenders is how many nodes are named.
const maxSenders = 20

// Sender is a node that has sent pages of a book.
type Sender struct {
	Node string
	Last time.Time // when it sent or changed one of them
}

var selectSenders = `SELECT c.node, max(c.time) FROM pols
	JOIN thalamus_changes AS c ON c.id = pols.id AND c.resource = 'page' AND c.version = pols.version AND c.part = 0
	WHERE book = $1 AND ` + visible(pageRows, `$2`) + ` AND c.node <> ''
	GROUP BY c.node ORDER BY max(c.time) DESC, c.node LIMIT ` + strconv.Itoa(maxSenders)

// Senders gives the nodes from which the pages of a book came as they are now, those that sent
// something last first.
func (v View) Senders(ctx context.Context, book string) (senders []Sender, err error) {
	rows, _ := v.db.pool.Query(ctx, selectSenders, book, askerOf(v, book))
	senders, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Sender])
	return senders, classify(err)
}
