// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/testdir"
)

// The path is too long for a socket, so that a directory elsewhere is left behind.
func TestAServerStartsAtOnceAfterItsStarterWasKilled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testdir.New(t), strings.Repeat("long", 30))
	h := runHelper(t, dir, nil)
	if h.said != "ready" {
		t.Fatalf("helper said %q", h.said)
	}
	elsewhere, err := os.Readlink(filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.end()
	s := start(t, dir)
	if got := ask(t, s, "postgres", "SELECT x FROM kept"); got != "a row" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(elsewhere); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("old socket directory: %v", err)
	}
	elsewhere = s.socket
	stop(t, s)
	if _, err := os.Stat(elsewhere); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("socket directory after Stop: %v", err)
	}
}

// The thread that calls Start ends; the server depends on another.
func TestTheServerOutlivesTheThreadThatStartsIt(t *testing.T) {
	t.Parallel()
	var s *Server
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		s, err = Start(t.Context(), Options{Dir: usedDir(t), Unsafe: true})
	}()
	<-done
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	if got := ask(t, s, "postgres", "SELECT pg_sleep(0.2)::text"); got != "" {
		t.Errorf("got %q", got)
	}
}

// The lock tells that the starter is gone; its server still runs.
func TestAnOrphanIsStoppedByTheNextStart(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	orphan := start(t, dir)
	run(t, orphan, "CREATE TABLE kept AS SELECT 'a row' AS x")
	if err := syscall.Flock(int(orphan.home.lock.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	<-orphan.Done()
	if err := orphan.proc.err; err != nil {
		t.Errorf("the orphan's end: %v", err)
	}
	if got := ask(t, s, "postgres", "SELECT x FROM kept"); got != "a row" {
		t.Errorf("got %q", got)
	}
	stop(t, s) // before the orphan's, which removes the same socket directory
}

// After a reboot postmaster.pid may name a living process of the server's user, which
// is left alone.
func TestAStaleProcessNumberIsNotTakenForAPostmaster(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	stop(t, start(t, dir))
	cat := exec.CommandContext(t.Context(), "cat")
	pg, err := newPrograms("/")
	if err != nil {
		t.Fatal(err)
	}
	cat.SysProcAttr = &syscall.SysProcAttr{Credential: pg.cred}
	stdin, err := cat.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cat.Start(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "cluster", "postmaster.pid")
	text := fmt.Sprintf("%d\n%s\n1700000000\n5432\n/nowhere\n\n  1234567    999999\nready\n", cat.Process.Pid, filepath.Dir(file))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := pg.chown(file); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	_ = stdin.Close()
	if err := cat.Wait(); err != nil {
		t.Errorf("the other process: %v", err)
	}
}
