// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
)

func TestEachSQLSTATEHasItsKind(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fed.Kind{
		"22021": fed.NotFound, // character not in repertoire
		"22P05": fed.Invalid,  // untranslatable character
		"54000": fed.Invalid,  // program limit exceeded
		"54001": fed.Invalid,  // statement too complex
		"25006": fed.Unavailable, "08000": fed.Unavailable, "08006": fed.Unavailable, "08P01": fed.Unavailable,
		"53100": fed.Unavailable, "53200": fed.Unavailable, "53300": fed.Unavailable,
		"40001": fed.Unavailable, "40P01": fed.Unavailable, "57P01": fed.Unavailable, "57P02": fed.Unavailable, "57P03": fed.Unavailable,
		"23503": fed.Internal, "23505": fed.Unavailable, "22P02": fed.Internal, "25P02": fed.Internal,
		"42501": fed.Internal, "42P01": fed.Internal, "54023": fed.Internal,
		"57014": fed.Unavailable, "55P03": fed.Unavailable, "58000": fed.Unavailable, "58P01": fed.Unavailable,
		"XX000": fed.Unavailable, "XX001": fed.Unavailable, "55000": fed.Internal, "57000": fed.Internal,
		"": fed.Internal, "5": fed.Internal, "53": fed.Unavailable,
	} {
		t.Run(code, func(t *testing.T) {
			cause := fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code, Message: "secret of the row"})
			err := classify(cause)
			if got := fed.KindOf(err); got != want || !errors.Is(err, cause) {
				t.Errorf("%s: kind %d, want %d; %v", code, got, want, err)
			}
			var known *fed.Error
			if errors.As(err, &known) && (known.Msg == "" || known.Err == nil) {
				t.Errorf("%s: a face is missing: %+v", code, known)
			}
		})
	}
}

func TestADeadlockIsNoFaultOfTheDatabase(t *testing.T) {
	t.Parallel()
	var known *fed.Error
	err := classify(&pgconn.PgError{Code: "40P01"})
	if !errors.As(err, &known) || known.Msg != "Somebody else changes the same records; try again." || known.Wait != time.Second {
		t.Errorf("got %v", err)
	}
}

func TestAnErrorThatPostgreSQLDidNotSendIsOfTheWayToIt(t *testing.T) {
	t.Parallel()
	known := fed.Errorf(fed.Conflict, "Known.")
	for _, c := range []struct {
		err  error
		want fed.Kind
	}{
		{errors.New("broken pipe"), fed.Unavailable},
		{context.DeadlineExceeded, fed.Unavailable},
		{pgx.ErrNoRows, fed.NotFound},
		{context.Canceled, fed.Internal}, // the caller is gone; nobody is told
		{known, fed.Conflict},
		{fmt.Errorf("wrapped: %w", known), fed.Conflict},
	} {
		err := classify(c.err)
		if got := fed.KindOf(err); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%v: kind %d, want %d", c.err, got, c.want)
		}
	}
	if err := classify(nil); err != nil {
		t.Errorf("nil gave %v", err)
	}
}
