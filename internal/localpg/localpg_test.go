// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"thalamus/internal/testdir"
)

func TestTheFirstStartMakesAClusterForOurselves(t *testing.T) {
	t.Parallel()
	dir := testdir.New(t)
	junk := filepath.Join(dir, unfinished+"1") // as left by an initdb that was killed
	if err := os.MkdirAll(junk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(junk, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	want := map[string]string{
		"SELECT 1::text":                           "1",
		"SELECT lower('ÄÉ')":                       "äé",
		"SELECT ('a' > 'B')::text":                 "true", // sorted by bytes
		"SHOW server_encoding":                     "UTF8",
		"SHOW listen_addresses":                    "",
		"SHOW fsync":                               "off",
		"SHOW dynamic_shared_memory_type":          "mmap",
		"SHOW timezone":                            "UTC",
		"SELECT usename::text FROM pg_user":        superuser,
		"SELECT current_setting('lc_messages')":    "C",
		"SELECT current_setting('port')::text":     port,
		"SELECT pg_is_in_recovery()::text":         "false",
		"SELECT current_setting('data_checksums')": "off",
	}
	for q, w := range want {
		if got := ask(t, s, "postgres", q); got != w {
			t.Errorf("%s: got %q, want %q", q, got, w)
		}
	}
	if left := unfinishedIn(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDurabilityIsOnUnlessUnsafe(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	stop(t, start(t, dir))
	s, err := Start(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if got := ask(t, s, "postgres", "SHOW "+name); got != "on" {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestASecondStartKeepsTheData(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s := start(t, dir)
	run(t, s, "CREATE TABLE kept AS SELECT 'a row' AS x")
	stop(t, s)
	begin := time.Now()
	s = start(t, dir)
	t.Logf("second start took %v", time.Since(begin).Round(time.Millisecond))
	if got := ask(t, s, "postgres", "SELECT x FROM kept"); got != "a row" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres.log.old")); err != nil {
		t.Error(err)
	}
}

func TestStopEndsConnectionsAndTidiesUp(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s := start(t, dir)
	pid := s.proc.child.Pid
	if group, err := syscall.Getpgid(pid); err != nil || group != pid {
		t.Errorf("process group %d (%v): Ctrl-C would reach it", group, err)
	}
	conn := connect(t, s, "postgres") // does not hold the shutdown up
	select {
	case <-s.Done():
		t.Fatal("done before Stop")
	default:
	}
	stop(t, s)
	stop(t, s)
	<-s.Done()
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("a connection survives")
	}
	if _, err := os.Lstat(filepath.Join(dir, "socket")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("socket directory: %v", err)
	}
}

func TestADirectoryInUseIsRefused(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s := start(t, dir)
	if _, err := Start(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
	if got := ask(t, s, "postgres", "SELECT 'well'"); got != "well" {
		t.Errorf("the first server is disturbed: %q", got)
	}
}

// A backend works meanwhile, and goes on for a moment; the next start is at once.
func TestAPostmasterThatIsKilledIsReportedAndStartsAgain(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s, err := Start(t.Context(), Options{Dir: dir, Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	front := connect(t, s, "postgres").PgConn().Frontend()
	front.SendQuery(&pgproto3.Query{String: "SELECT count(*) FROM generate_series(1, 3000000)"})
	if err := front.Flush(); err != nil { // the answer is not waited for
		t.Fatal(err)
	}
	if err := s.proc.child.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	first, second := s.Stop(), s.Stop()
	if first == nil || !strings.Contains(first.Error(), "killed") || !errors.Is(second, first) {
		t.Errorf("Stop: %v, then %v", first, second)
	}
	start(t, dir)
}

func TestAPostmasterThatHangsIsEndedByForce(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s, err := Start(t.Context(), Options{Dir: dir, Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.proc.child.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := s.proc.stop(10 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "by force") {
		t.Errorf("got %v", err)
	}
	<-s.Done()
	_ = s.Stop()
	start(t, dir) // and the shared memory that was left behind is freed
}

func TestACancelledStartLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := testdir.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() { // cancels once initdb has written something
		defer close(watched)
		defer cancel()
		_ = came(func() bool {
			begun, _ := filepath.Glob(filepath.Join(dir, unfinished+"*", "base"))
			return len(begun) > 0
		})
	}()
	_, err := Start(ctx, Options{Dir: dir, Unsafe: true})
	<-watched
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if left := unfinishedIn(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	start(t, dir)
}

func TestTheURLTakesOddNames(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(testdir.New(t), "a space + Ü"))
	const name = "odd name/é+?&%"
	run(t, s, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	if got := ask(t, s, name, "SELECT current_database()::text"); got != name {
		t.Errorf("got %q", got)
	}
}
