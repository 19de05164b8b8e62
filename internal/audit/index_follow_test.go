// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

func TestTheLogSaysOnceThatTheIndexStandsStillAndOnceThatItGoesOn(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	f, _ := NewIndex(nil, nil, slog.New(slog.NewTextHandler(&log, nil))).followers()
	away := errors.New("away")
	for _, err := range []error{nil, away, away, nil, nil, away} {
		f.report(t.Context(), err)
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	f.report(ended, nil) // nobody knows whether it went on
	if still, goes := strings.Count(log.String(), "stands still"), strings.Count(log.String(), "goes on"); still != 2 || goes != 1 {
		t.Errorf("it stands still %d times, want 2, and goes on %d times, want 1: %s", still, goes, &log)
	}
}

func TestTheNewestFilesDoNotWaitForTheOthers(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	for n, name := range []string{".1", ".3", ".2"} { // their names say nothing
		x.write(1)
		if err := os.Rename(x.name, x.name+name); err != nil {
			t.Fatal(err)
		}
		if err := x.record.Reopen(); err != nil {
			t.Fatal(err)
		}
		written := time.Now().Add(time.Duration(n-10) * time.Hour)
		if err := os.Chtimes(x.name+name, written, written); err != nil {
			t.Fatal(err)
		}
	}
	x.write(1)

	for _, step := range []struct {
		of   *follower
		want string
	}{{x.recent, "A0002 A0003"}, {x.older, "A0000 A0001 A0002 A0003"}} {
		if err := step.of.look(t.Context()); err != nil {
			t.Error(err)
		}
		if got := x.sql.Text(`SELECT string_agg(account, ' ' ORDER BY account) FROM thalamus_access`); got != step.want {
			t.Errorf("the index has %s, want %s", got, step.want)
		}
	}
}

// A line that the database cannot store would hold up all behind it.
func TestALineThatCannotBeStoredIsLeftOut(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	x.write(1)
	const good = `{"time":"2026-05-31T12:00:00Z","account":"DR","method":"GET","endpoint":"person","person":"ANA","status":200}`
	for old, odd := range map[string]string{
		"2026-05-31T12:00:00Z": "9999-12-31T23:59:59-01:00", "2026": "0000", "200}": "5000000000}", "200": "99", `"DR"`: `""`, `"person",`: `"",`,
	} {
		t.Run(old, func(t *testing.T) {
			line := strings.Replace(good, old, odd, 1) + "\n"
			if _, err := x.record.Write([]byte(line)); err != nil {
				t.Fatal(err)
			}
		})
	}
	x.write(1)
	x.look()
	x.wantAll()
	if got := x.sql.Text(`SELECT count(*)::text FROM thalamus_access`); got != "2" {
		t.Errorf("the index has %s lines, want 2", got)
	}
}

// Else nobody would hear of an index that has never worked.
func TestTheLagOfAnIndexThatHasNotCopiedAnythingIsKnown(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "record")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	record, err := Open(filepath.Join(dir, "access.jsonl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}

	index := NewIndex(record, testdb.New(t).DB, slog.New(slog.DiscardHandler))
	if _, known := index.Lag(time.Now()); known {
		t.Error("before its start an index has a lag")
	}
	began := time.Now()
	defer index.Start(t.Context())()
	if lag, known := index.Lag(began.Add(time.Hour)); !known || lag > time.Hour {
		t.Errorf("the lag is %v, and known: %v", lag, known)
	}
}
