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

// outcome is the state of a statement, or of a transaction, after it ended.
type outcome int

const (
	answered  outcome = iota // it succeeded, or PostgreSQL or the caller has refused it: nothing to repeat
	unapplied                // it was not applied, and may be repeated
	unknown                  // it may have been applied
)

// ErrLost marks an error that says nothing about the statement, only that the connection was lost
// or that other transactions were in the way. A statement that reads may be repeated.
var ErrLost = errors.New("no answer from the database")

// errStandby stands for a commit whose wait for a synchronous standby was broken off: it is on
// this server, and perhaps nowhere else.
var errStandby = errors.New("the commit is not known to be on a standby")

// errUncommitted is an error of a transaction before COMMIT was sent.
type errUncommitted struct{ error }

func (e errUncommitted) Unwrap() error { return e.error }

// refusedWrite is the answer of a demoted primary, or of any standby, to each write.
const refusedWrite = "25006"

// SQLSTATEs, or their classes.
var (
	retryable       = []string{"40001", "40P01", refusedWrite, "26000", "42P05"} // nothing was applied
	connectionLost  = []string{"57P", "08"}                                      // the connection ends, and the statement may have been applied
	unreachable     = []string{"08", "53300", "57P"}                             // answers to an attempt to connect; they pass
	otherStatements = []string{"26000", "42P05"}                                 // the connection has another client's prepared statements
)

// outcomeOf tells the outcome from an error, and from whether its connection is broken now. An
// error is PostgreSQL's, or one of the network, which breaks the connection; else it is the
// caller's.
func outcomeOf(err error, broken bool) outcome {
	if err == nil { // as nearly always: what errors.As fills in would be on the heap
		return answered
	}

	var server *pgconn.PgError
	var early errUncommitted
	fromServer := errors.As(err, &server)

	switch {
	case errors.Is(err, errCrowded):
		return answered
	case errors.Is(err, errStandby):
		return unknown
	case pgconn.SafeToRetry(err), errors.Is(err, pgx.ErrTxCommitRollback), fromServer && hasClass(server.Code, retryable):
		return unapplied
	case fromServer && !hasClass(server.Code, connectionLost), !fromServer && !broken:
		return answered
	case errors.As(err, &early):
		return unapplied
	}
	return unknown
}

// Unreachable reports whether an attempt to connect failed because the server does not answer
// or accept now, which passes. A wrong password, or a database that does not exist, does not.
func Unreachable(err error) bool {
	var server *pgconn.PgError
	return !errors.As(err, &server) || hasClass(server.Code, unreachable)
}

// serverLost reports whether a broken connection means that others are broken, too. One that we
// closed ourselves does not.
func serverLost(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return hasClass(server.Code, connectionLost)
	}
	return !errors.Is(err, errStandby)
}

// isFull reports whether the server has no more connections to give.
func isFull(err error) bool { return hasSQLSTATE(err, "53300") }

// hasSQLSTATE reports whether an error is PostgreSQL's, with this SQLSTATE.
func hasSQLSTATE(err error, sqlstate string) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == sqlstate
}

// hasClass reports whether a SQLSTATE is one of these, or of one of these classes.
func hasClass(sqlstate string, classes []string) bool {
	return slices.ContainsFunc(classes, func(class string) bool { return strings.HasPrefix(sqlstate, class) })
}

// markLost marks an error as ErrLost.
func markLost(err error) error {
	if errors.Is(err, ErrLost) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrLost, err)
}
