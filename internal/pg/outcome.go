// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// outcome is what is known of a statement, or of a transaction, that ended with an error.
type outcome int

const (
	answered  outcome = iota // PostgreSQL or the caller has said why not: it was not applied
	unapplied                // it was not applied, and may be repeated
	unknown                  // it may have been applied
)

// ErrLost marks an error that says nothing of what was asked, only that the connection was lost or
// that others were in the way. What reads may be repeated.
var ErrLost = errors.New("no answer from the database")

// errStandby stands for a commit whose wait for a synchronous standby was broken off: it is on
// this server, and perhaps nowhere else.
var errStandby = errors.New("the commit is not known to be on a standby")

// errUncommitted is an error of a transaction before COMMIT was sent.
type errUncommitted struct{ error }

func (e errUncommitted) Unwrap() error { return e.error }

// readOnly is what a demoted primary says to each write.
const readOnly = "25006"

// SQLSTATEs, or their classes.
var (
	repeatable = []string{"40001", "40P01", readOnly, "26000", "42P05"} // nothing was done
	cutting    = []string{"57P", "08"}                                  // the connection ends, whatever became of the statement
	absent     = []string{"08", "53300", "57P"}                         // said to who connects: come again
	misplaced  = []string{"26000", "42P05"}                             // somebody else's prepared statements are here
)

// outcomeOf tells what became of what ended with this error, over a connection that is broken now
// or not. An error is PostgreSQL's, or one of the way to it, which breaks the connection; else it
// is the caller's.
func outcomeOf(err error, broken bool) outcome {
	var server *pgconn.PgError
	var early errUncommitted
	fromServer := errors.As(err, &server)
	switch {
	case err == nil, errors.Is(err, errCrowded):
		return answered
	case errors.Is(err, errStandby):
		return unknown
	case pgconn.SafeToRetry(err), errors.Is(err, pgx.ErrTxCommitRollback), fromServer && among(server.Code, repeatable):
		return unapplied
	case fromServer && !among(server.Code, cutting), !fromServer && !broken:
		return answered
	case errors.As(err, &early):
		return unapplied
	}
	return unknown
}

// Away reports whether an attempt to connect failed because nobody is there now, which passes. A
// wrong password, or a database that does not exist, does not.
func Away(err error) bool {
	var server *pgconn.PgError
	return !errors.As(err, &server) || among(server.Code, absent)
}

// gone reports whether a broken connection says that others are, too: one that we broke off says
// nothing.
func gone(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return among(server.Code, cutting)
	}
	return !errors.Is(err, errStandby)
}

// isFull reports whether the server has no more connections to give.
func isFull(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == "53300"
}

func among(sqlstate string, list []string) bool {
	return slices.ContainsFunc(list, func(of string) bool { return strings.HasPrefix(sqlstate, of) })
}

// lost marks an error as ErrLost.
func lost(err error) error {
	if errors.Is(err, ErrLost) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrLost, err)
}
