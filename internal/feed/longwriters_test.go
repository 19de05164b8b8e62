// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// longWriterLog gives what the log says of transactions that are open, however short.
func longWriterLog(t *testing.T, db *store.DB) string {
	t.Helper()
	var log strings.Builder
	f := New(Options{Store: db, Log: slog.New(slog.NewTextHandler(&log, nil))})
	f.longWriterAge = 0
	f.warnOfLongWriters(t.Context())
	return log.String()
}

func TestATransactionThatStaysOpenIsInTheLogWithTheStatementThatEndsIt(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const held = `INSERT INTO dus (id, data) VALUES ('u', '{"name": "Casita"}')`
	defer db.Hold(held)("ROLLBACK")

	log := longWriterLog(t, db.DB)
	pid := db.Text(`SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`)
	for _, want := range []string{"level=WARN", "pid=" + pid, "user=postgres", "application=", "since=2", `end="SELECT pg_terminate_backend(` + pid + `);"`, "others=0"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s: %s", want, log)
		}
	}

	if strings.Count(log, "\n") != 1 || strings.Contains(log, "INSERT") || strings.Contains(log, "Casita") {
		t.Errorf("the log says %s", log)
	}
}

func TestATransactionInAnotherDatabaseIsNotInTheLog(t *testing.T) {
	t.Parallel()
	db, elsewhere := testdb.New(t), testdb.New(t)
	defer elsewhere.Hold(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)("ROLLBACK")
	if log := longWriterLog(t, db.DB); log != "" {
		t.Errorf("the log says %s", log)
	}
}

func TestATransactionIsLongFromItsBeginningOrSinceItWasFirstSeen(t *testing.T) {
	noon := time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)
	begun := noon.Add(-30 * time.Second)
	f := New(Options{})

	for _, step := range []struct {
		after time.Duration
		open  string // of which "known" tells its beginning
		want  string
	}{
		{0, "known hidden", ""},
		{30*time.Second - 1, "known hidden", ""},
		{30 * time.Second, "known hidden", "known"},
		{time.Minute, "hidden known later", "known hidden"},
		{2*time.Minute - 1, "later", ""},
		{2 * time.Minute, "later hidden", "later"}, // another one: it was away between
	} {
		var open []store.OpenWriter
		for name := range strings.FieldsSeq(step.open) {
			w := store.OpenWriter{Transaction: name}
			if name == "known" {
				w.Since = &begun
			}
			open = append(open, w)
		}

		var got []string
		for _, w := range f.longWriters(open, noon.Add(step.after)) {
			got = append(got, w.Transaction)
		}

		if strings.Join(got, " ") != step.want {
			t.Errorf("after %v of %q these are open for long: %q, want %q", step.after, step.open, got, step.want)
		}
	}
}
