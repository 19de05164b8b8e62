// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/testdir"
)

// helperEnv names the directory that this test binary, run as a helper
// process, is to start a server in.
const helperEnv = "LOCALPG_TEST_HELPER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperEnv); dir != "" {
		os.Exit(help(dir))
	}
	os.Exit(runOnce(m))
}

// made is a directory with a cluster that was never written to.
var made string

// runOnce runs the tests, of which most need some cluster and few the making of one.
func runOnce(m *testing.M) int {
	dirs, err := testdir.Begin()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer dirs.End()

	made = dirs.Cluster()
	return m.Run()
}

// makeOnce makes the cluster when the first test needs it.
var makeOnce = sync.OnceValue(func() error {
	s, err := Start(context.Background(), Options{Dir: made, Unsafe: true})
	if err != nil {
		return err
	}
	return s.Stop()
})

// usedDir is a directory with a cluster that has been started before.
func usedDir(t *testing.T) string {
	t.Helper()
	err := makeOnce()
	if err != nil {
		t.Fatal(err)
	}

	dir := testdir.New(t)
	out, err := exec.CommandContext(t.Context(), "cp", "-a", filepath.Join(made, "cluster"), dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// help starts a server, writes a row, says so, and stops the server when its
// standard input ends.
func help(dir string) int {
	s, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	conn, err := pgx.Connect(context.Background(), s.URL("postgres"))
	if err == nil {
		_, err = conn.Exec(context.Background(), "CREATE TABLE kept AS SELECT 'a row' AS x")
	}
	if err != nil {
		fmt.Println(err)
	} else {
		fmt.Println("ready")
	}
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	if err := s.Stop(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// helper is a run of this binary.
type helper struct {
	cmd   *exec.Cmd
	stdin io.Closer
	said  string // its first line
}

// runHelper runs a helper, as the user when there is one, and returns when it
// has spoken.
func runHelper(t *testing.T, dir string, cred *syscall.Credential) *helper {
	t.Helper()
	h := &helper{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), copySelf(t))}
	h.cmd.Env = append(os.Environ(), helperEnv+"="+dir)
	h.cmd.Dir = "/"
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	stdin, err := h.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.stdin = stdin
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.end() })
	lines := bufio.NewScanner(out)
	lines.Scan()
	h.said = lines.Text()
	return h
}

// end lets the helper finish and returns how it ended.
func (h *helper) end() error {
	_ = h.stdin.Close()
	return h.cmd.Wait()
}

// came returns when a condition holds that nothing announces. It is false when that takes
// longer than twenty seconds.
func came(holds func() bool) bool {
	over := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()

	for !holds() {
		select {
		case <-tick.C:
		case <-over:
			return false
		}
	}
	return true
}

// copySelf copies the test binary to where every user can run it.
func copySelf(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(testdir.New(t), "helper")
	writeProgram(t, path, b)
	return path
}

// writeProgram writes while nobody forks: a child that has the file open for
// writing until its exec would keep the program from being run.
func writeProgram(t *testing.T, path string, b []byte) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, b, 0o755); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	begin := time.Now()
	s, err := Start(t.Context(), Options{Dir: dir, Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	t.Logf("start took %v", time.Since(begin).Round(time.Millisecond))
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, s *Server, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL(database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func ask(t *testing.T, s *Server, database, query string) string {
	t.Helper()
	var got string
	if err := connect(t, s, database).QueryRow(t.Context(), query).Scan(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func run(t *testing.T, s *Server, query string) {
	t.Helper()
	if _, err := connect(t, s, "postgres").Exec(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func unfinishedIn(t *testing.T, dir string) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, unfinished+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}
