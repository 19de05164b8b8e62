// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// A demoted primary is waited for, a standby is not, and one that was promoted is as any primary.
func TestWritesAreRefusedAtOnceWhereTheyWereRefusedForLong(t *testing.T) {
	t.Parallel()
	refused, other := &pgconn.PgError{Code: refusedWrite}, &pgconn.PgError{Code: "40001"}
	first := time.Now()
	late := first.Add(readOnlyPatience + 1)

	var r readOnly
	if r.lasts(refused, first) || r.lasts(refused, first.Add(readOnlyPatience)) {
		t.Error("a demoted primary is given up")
	}
	if !r.lasts(refused, late) {
		t.Error("a standby is tried again")
	}
	if r.lasts(other, late) || r.lasts(nil, late) {
		t.Error("another error is taken for a refusal")
	}

	r.end()
	if r.lasts(refused, late) {
		t.Error("a write that was made is forgotten")
	}
}
