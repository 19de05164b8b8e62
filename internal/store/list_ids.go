// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"slices"
)

// idList is records whose ids are all found at first, by one statement that hands on
// the first piece, too: no change of what they are ordered or chosen by moves one of
// them meanwhile. One that is deleted meanwhile is left out.
type idList struct {
	listColumns
	runFirst queryRunner                 // for the first statement
	runRest  queryRunner                 // for the others
	source   string                      // SQL: all that are chosen, with n, id and data; "" if rest has their ids
	args     parameters                  // of source
	limit    int                         // of records; 0: none
	rows     int                         // of the first piece at most; 0: as of any
	narrow   func(ids []string) []string // leaves out ids that are wanted no longer, before each piece; nil: none are
	more     func(last string)           // called with the id of the last one, if there are more than limit

	restSource string     // SQL: the records of the ids in $1, with n from there
	restArgs   parameters // of those, with a place for $1
	begun      bool
	rest       []string // ids that are still to come
}

func (c *idList) piece(ctx context.Context, bytes int64) (more bool, needed int64, err error) {
	if c.source != "" && !c.begun {
		return c.first(ctx, bytes)
	}

	asked := c.rest[:min(pieceRows, len(c.rest))]
	args := slices.Clone(c.restArgs)
	args[0] = asked
	p, err := c.run(ctx, c.runRest, c.restSource, args, bytes, pieceRows)
	c.rest = c.narrowed(c.rest[doneCount(asked, p, err):])
	return len(c.rest) > 0, p.needed, err
}

// doneCount is how many of the asked ids are dealt with: up to the last one that was taken, if the
// piece ended with an error, and up to the next one that is to be taken.
func doneCount(asked []string, p piece, err error) int {
	switch {
	case err != nil && p.taken == 0:
		return 0
	case err != nil:
		return slices.Index(asked, p.ids[p.taken-1]) + 1
	case p.taken < len(p.ids):
		return slices.Index(asked, p.ids[p.taken])
	}
	return len(asked)
}

// first finds them all.
func (c *idList) first(ctx context.Context, bytes int64) (more bool, needed int64, err error) {
	rows := cmp.Or(c.rows, pieceRows)
	if c.limit > 0 {
		rows = min(rows, c.limit)
	}

	p, err := c.run(ctx, c.runFirst, c.source, slices.Clone(c.args), bytes, rows)
	if err != nil && p.taken > 0 {
		return false, 0, connectionLost(err)
	}
	if err != nil {
		return false, 0, err
	}

	if c.limit > 0 && len(p.ids) > c.limit {
		p.ids = p.ids[:c.limit]
		if c.more != nil {
			c.more(p.ids[c.limit-1])
		}
	}

	c.begun, c.rest = true, c.narrowed(p.ids[p.taken:])
	return len(c.rest) > 0, p.needed, nil
}

// narrowed is the ids that are still to come.
func (c *idList) narrowed(ids []string) []string {
	if c.narrow == nil {
		return ids
	}
	return c.narrow(ids)
}

func (c *idList) run(ctx context.Context, ask queryRunner, source string, args parameters, bytes int64, rows int) (p piece, err error) {
	statement := c.statement(source, args.add(bytes), args.add(rows))
	err = ask(ctx, func(query queryFunc) (err error) {
		p, err = c.read(ctx, query, statement, args)
		return err
	})
	return p, err
}

// stream hands on none: those to come are not behind one another in any index.
func (c *idList) stream(context.Context, func() bool) (more bool, err error) { return true, nil }
