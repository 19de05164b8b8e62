// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
)

// SQLSTATEs that are looked for by themselves, too.
const (
	deletedCode   = "TH410" // of a trigger of ours: there was a record with this id
	overtakenCode = "23505" // of a unique index
)

// sqlstates are the errors by SQLSTATE or class of SQLSTATEs that mean something to a caller.
// All others are a fault of this program.
var sqlstates = map[string]fed.Error{
	"22021":       {Kind: fed.NotFound, Msg: "There is no such id."},                             // a NUL in an id
	"22P05":       {Kind: fed.Invalid, Msg: "The body holds a character that cannot be stored."}, // \u0000
	"54000":       {Kind: fed.Invalid, Msg: "The body is more than the database can store."},
	"54001":       {Kind: fed.Invalid, Msg: "The body is nested too deep to be stored."},
	deletedCode:   {Kind: fed.Gone, Msg: "A record with this id was deleted."}, // by a trigger of ours
	overtakenCode: {Kind: fed.Unavailable, Msg: "Somebody else changes this record; try again.", Wait: time.Second},
	"25006":       readOnly, // a demoted primary, or any standby
	"40":          concurrentChange,
	"55P03":       concurrentChange, // lock_timeout
	"08":          unavailable,      // connection
	"28":          unavailable,      // the password or the certificate of the server's account was changed
	"3D000":       unavailable,      // the database was dropped, or renamed
	"53":          unavailable,      // out of connections, memory or disk
	"57014":       unavailable,      // statement_timeout, or an administrator's cancel
	"57P":         unavailable,      // shutting down or starting up
	"58":          unavailable,      // files: PostgreSQL upgraded under a running server, a disk at fault
	"XX":          unavailable,      // a fault of PostgreSQL's own
}

var concurrentChange = fed.Error{Kind: fed.Unavailable, Msg: "Somebody else changes the same records; try again.", Wait: time.Second}

var readOnly = fed.Error{Kind: fed.Unavailable, Msg: "The database can only be read at the moment, as a standby; try again.", Wait: 5 * time.Second}

var unavailable = fed.Error{Kind: fed.Unavailable, Msg: "The database cannot be reached at the moment; try again.", Wait: 5 * time.Second}

// classify gives an error of the database the Kind and the sentence it has for a
// caller, and keeps it as the cause.
func classify(err error) error {
	if err == nil { // as nearly always
		return nil
	}

	var known *fed.Error
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &known) || errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &connect): // whatever its SQLSTATE is
		return unreachableNow(err)
	case errors.As(err, &pg):
		return bySQLSTATE(pg.Code, err)
	case errors.Is(err, pgx.ErrNoRows):
		return &fed.Error{Kind: fed.NotFound, Msg: "There is no such record.", Err: err}
	}

	// Any other error is of the way to PostgreSQL: refused, cut, timed out.
	return unreachableNow(err)
}

func unreachableNow(err error) error {
	return &fed.Error{Kind: unavailable.Kind, Msg: unavailable.Msg, Err: err, Wait: unavailable.Wait}
}

func bySQLSTATE(sqlstate string, err error) error {
	for n := len(sqlstate); n > 1; n-- { // a proxy's error may have none
		if m, ok := sqlstates[sqlstate[:n]]; ok {
			return &fed.Error{Kind: m.Kind, Msg: m.Msg, Err: err, Wait: m.Wait}
		}
	}
	return err
}

// violatesForeignKey reports whether err is a violation of a foreign key.
func violatesForeignKey(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23503"
}

// notFoundOr gives a "not found" its own sentence, and classifies other errors.
func notFoundOr(err error, sentence string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fed.Errorf(fed.NotFound, "%s", sentence)
	}
	return classify(err)
}
