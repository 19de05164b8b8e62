// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
)

// Bounds of one reading of the feed.
const (
	maxPositions     = 20_000    // positions, where not every change is wanted; ownWindow has it, too
	maxStoredBytes   = 512 << 10 // bytes of records, as the database keeps them; one record may be larger
	maxTextBytes     = 1 << 20   // the same, written out
	maxPublishRounds = 50        // rounds of thalamus_publish, of ten thousand changes each
)

// FeedQuery asks for changes.
type FeedQuery struct {
	After   Cursor
	Limit   int
	Person  string // only about this person; "" is about anybody, or nobody
	NotNode string // without what the reader changed from this node; "" leaves nothing out
	NoData  bool   // without the records
	Acts    bool   // the reader acts for the person, and sees that person's as the own ones

	All     []fed.Resource // the reader may see the changes of these resources, whoever they are about,
	Own     []fed.Resource // of these only those that are about the reader, or about whom the reader acts for,
	Deleted []fed.Resource // and of these what was in records that are deleted now
}

// Change is one change of a record.
type Change struct {
	Cursor    Cursor // right behind it
	Resource  fed.Resource
	ID        string
	Person    *string // whom it is about; nil: nobody
	Version   int64
	Operation string // create, update, delete
	Time      time.Time
	Account   *string    // that asked a server for it
	Node      *string    // from where, as the write said
	Data      fed.Record // the record after it; nil if there was none, or it is not to be seen
}

// FeedPage is a page of changes.
type FeedPage struct {
	Changes []Change
	Next    Cursor // behind all that was looked at
	More    bool   // there is more behind Next already, or there are positions that were not looked at
	Cut     bool   // the page ended early, because the records are large
}

// Publish gives every change that was committed until now its place in the feed. On a standby it
// does nothing: the primary does.
func (db *DB) Publish(ctx context.Context) error {
	const q = `SELECT CASE WHEN ` + canOnlyRead + ` THEN 0 ELSE thalamus_publish() END`
	for range maxPublishRounds {
		var published int
		if err := db.pool.QueryRow(ctx, q).Scan(&published); err != nil || published == 0 {
			return classify(err)
		}
	}

	return nil
}

// FeedEnd gives the cursor behind all that was published.
func (db *DB) FeedEnd(ctx context.Context) (c Cursor, err error) {
	const q = `SELECT position, tag FROM thalamus_feed_state`
	err = db.pool.QueryRow(ctx, q).Scan(&c.Position, &c.tag)
	return c, classify(err)
}

// Changes reads a page of the feed. Gone: the cursor cannot be honoured. Unavailable: it is
// ahead of a standby, which has not received so much yet. One statement reads all, so that one
// state of the database decides everything.
// Readers of the feed take half of the connections at most.
func (v View) Changes(ctx context.Context, q FeedQuery) (page FeedPage, err error) {
	if err := v.db.origin().feedReaders.enter(ctx); err != nil {
		return page, err
	}
	defer v.db.origin().feedReaders.leave()

	asker, owner := q.asker(v), v.reader.Account
	if q.Acts {
		owner = q.Person
	}
	rows, _ := v.db.origin().pool.Query(ctx, q.statement(asker.mayMiss()),
		q.After.Position, q.Limit, q.Person, q.NotNode, owner, q.All, q.Own, q.Deleted, asker, v.reader.Account)

	var r feedRow
	err = forEach(rows, r.into(), func() error {
		if r.position == 0 || page.Cut {
			return nil
		}
		page.add(q, &r)
		return nil
	})
	if err != nil {
		return FeedPage{}, err
	}
	if err := r.state.refuse(q.After); err != nil {
		return FeedPage{}, err
	}

	page.setNext(q, &r)
	return page, nil
}

// feedRow is one row of the statement: the state of the feed, which is the same in each row,
// and a change, whose position is 0 if there is none.
type feedRow struct {
	state    feedState
	found    int64  // changes that the page would have without regard to size, and one more if there is one
	ended    *int64 // the last position that was looked at; nil: all there are, or enough were found
	endedTag *int32

	position int64
	tag      int32
	Change
	data pgtype.DriverBytes
	size int // of the records taken until now
}

func (r *feedRow) into() []any {
	return []any{
		&r.state.end.Position, &r.state.end.tag, &r.state.horizon, &r.state.canOnlyRead, &r.state.tag, &r.found, &r.ended, &r.endedTag,
		&r.position, &r.tag, &r.Resource, &r.ID, &r.Person, &r.Version, &r.Operation, &r.Time, &r.Account, &r.Node, &r.data,
	}
}

// add adds the row's change, unless the page has enough.
func (p *FeedPage) add(q FeedQuery, r *feedRow) {
	r.size += len(r.data)
	if r.size > maxTextBytes && len(p.Changes) > 0 {
		p.Cut = true
		return
	}

	change := r.Change
	change.Cursor, change.Data = r.state.cursorAfter(q.After, r.position, r.tag), slices.Clone(fed.Record(r.data))
	p.Changes = append(p.Changes, change)
}

// setNext says where the page ends.
func (p *FeedPage) setNext(q FeedQuery, r *feedRow) {
	given := int64(len(p.Changes))
	switch {
	case given > 0 && given < r.found:
		p.Next, p.More, p.Cut = p.Changes[given-1].Cursor, true, given < int64(q.Limit)
	case r.ended != nil && r.endedTag != nil:
		p.Next, p.More = r.state.cursorAfter(q.After, *r.ended, *r.endedTag), true
	default:
		p.Next = r.state.cursorAfter(q.After, r.state.end.Position, r.state.end.tag)
	}
}
