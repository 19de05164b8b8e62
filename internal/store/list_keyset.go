// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
)

// keysetList is the records of a table by id, however many they are. Each piece begins
// behind the last id of the one before, so that a record that is there all the time comes
// exactly once, whatever is written meanwhile.
type keysetList struct {
	listColumns
	runPieces queryRunner // for pieces
	runScan   queryRunner // for all that is to come
	table     string
	where     string     // which records, as SQL
	args      parameters // of where

	begun bool
	after string // id of the last record that was handed on, once begun
}

// rest says which records are behind the last one, as SQL.
func (k *keysetList) rest() (where string, args parameters) {
	args = slices.Clone(k.args)
	if !k.begun {
		return k.where, args
	}
	return k.where + ` AND id > ` + args.add(k.after), args
}

func (k *keysetList) piece(ctx context.Context, bytes int64) (more bool, needed int64, err error) {
	most := strconv.Itoa(pieceRows)
	where, args := k.rest()
	source := fmt.Sprintf(`SELECT id, data FROM %s WHERE %s ORDER BY id LIMIT %s`, k.table, where, most)
	rows := k.listColumns
	rows.take = func(id string, text fed.Record) error {
		k.begun, k.after = true, id
		return k.take(id, text)
	}

	statement := rows.statement(`SELECT *, row_number() OVER (ORDER BY id) AS n FROM (`+source+`) AS found`, args.add(bytes), most)
	var p piece
	err = k.runPieces(ctx, func(query queryFunc) (err error) {
		p, err = rows.read(ctx, query, statement, args)
		return err
	})

	return p.taken < len(p.ids) || len(p.ids) == pieceRows, p.needed, err
}

// errEnough ends a statement before its end.
var errEnough = errors.New("enough")

// stream reads on behind the first piece to the end, or to a large record. A statement
// that is to end before, or gives nothing for long, takes its connection with it: all
// the rest would have to be read from that.
func (k *keysetList) stream(ctx context.Context, flush func() (keptUp bool)) (more bool, err error) {
	if !flush() {
		return true, nil
	}

	running, giveUp := context.WithCancel(ctx)
	defer giveUp()

	stuck := time.AfterFunc(pieceTime, giveUp)
	defer stuck.Stop()

	statement, args := k.whole()

	var refused error // of take
	err = k.runScan(running, func(query queryFunc) error {
		rows, err := query(running, statement, args...)
		if err != nil {
			return classify(err)
		}

		var id string
		var text pgtype.DriverBytes
		return forEach(rows, []any{&id, &text}, func() error {
			stuck.Reset(pieceTime)
			refused = k.handOn(id, fed.Record(text), flush)
			if refused != nil {
				giveUp()
			}
			return refused
		})
	})
	switch {
	case errors.Is(err, errEnough), errors.Is(err, context.Canceled) && ctx.Err() == nil:
		return true, nil
	case refused != nil:
		return false, refused
	}

	return false, err
}

// whole gives a statement of all the rest, without the texts of large records. A subquery
// around it would be sorted again.
func (k *keysetList) whole() (statement string, args parameters) {
	where, args := k.rest()
	return fmt.Sprintf(`SELECT id, CASE WHEN octet_length(text) <= %d THEN text END
FROM %s, LATERAL (SELECT %s AS text OFFSET 0) AS written WHERE %s ORDER BY id`, PieceBytes, k.table, k.shown, where), args
}

// handOn is errEnough when a stream is to end: text is nil, or the reader has not kept up.
func (k *keysetList) handOn(id string, text fed.Record, flush func() (keptUp bool)) error {
	if text == nil {
		return errEnough
	}

	k.begun, k.after = true, id
	if err := k.take(id, text); err != nil {
		return err
	}
	if !flush() {
		return errEnough
	}

	return nil
}
