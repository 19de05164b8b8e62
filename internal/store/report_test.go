// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestAnErrorThatLastsIsReportedAgainAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reports []string
		report := sampledReport(func(err error) { reports = append(reports, err.Error()) })
		for range 25 {
			report(errors.New("refused"))
			time.Sleep(time.Second)
		}
		report(errors.New("terminated"))
		report(errors.New("refused"))

		if want := []string{"refused", "refused", "refused", "terminated", "refused"}; !slices.Equal(reports, want) {
			t.Errorf("got %q, want %q", reports, want)
		}
	})
}

// It may stay one for years.
func TestThatAServerIsAStandbyIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reports := 0
		report := sampledReport(func(error) { reports++ })
		for range 25 {
			report(errInRecovery)
			time.Sleep(time.Second)
		}
		if reports != 1 {
			t.Errorf("it is reported %d times", reports)
		}
	})
}

func TestAConnectionThatCannotBeMadeIsReportedByItsReason(t *testing.T) {
	t.Parallel()
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()

	_, err = pgx.Connect(t.Context(), "postgres://somebody:secret@"+free.Addr().String()+"/federation")
	var got error
	sampledReport(func(err error) { got = err })(err)
	if want := "dial " + free.Addr().String() + ": connect: connection refused"; got.Error() != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) || !strings.Contains(err.Error(), "somebody") {
		t.Errorf("the whole error was %v", err)
	}
}
