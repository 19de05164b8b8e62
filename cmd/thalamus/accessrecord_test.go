// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// recording serves a site with the access record in a file of its own directory.
func recording(t *testing.T, s site) (p *program, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "log", "access.jsonl")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	return start(t, append(s.environ, "THALAMUS_ACCESS_RECORD="+file), "serve"), file
}

// requests gives the request ids of a record, all of whose lines must be whole.
func requests(t *testing.T, file string) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var e struct{ Request string }
		if json.Unmarshal([]byte(line), &e) != nil || e.Request == "" || !strings.HasSuffix(line, "\n") {
			t.Errorf("not a line: %q", line)
		}
		ids = append(ids, e.Request)
	}
	return ids
}

// read reads the person that the tests log in as.
func read(t *testing.T, p *program, want int) {
	t.Helper()
	if code, body := ask(t, "GET", "http://"+p.address+"/people/"+other, other, otherPwd, ""); code != want {
		t.Errorf("got %d, want %d: %s", code, want, body)
	}
}

func TestARotatedRecordGoesOnInANewFileAfterSIGHUP(t *testing.T) {
	t.Parallel()
	p, file := recording(t, migratedSite(t))
	read(t, p, 200)
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for n := range 2 {
		rotated := fmt.Sprintf("%s.%d", file, n)
		if err := os.Rename(file, rotated); err != nil {
			t.Fatal(err)
		}
		read(t, p, 200)
		p.signal(syscall.SIGHUP)
		p.await("reloaded", n+1)
		if got := len(requests(t, rotated)); got != 2 {
			t.Errorf("the old file has %d lines, want 2", got)
		}
		read(t, p, 200)
		if got := len(requests(t, file)); got != 1 {
			t.Errorf("the new file has %d lines, want 1", got)
		}
	}
}

func TestARecordThatCannotBeReopenedGoesOnInTheOldFile(t *testing.T) {
	t.Parallel()
	p, file := recording(t, migratedSite(t))
	moved := filepath.Dir(file) + ".moved"
	if err := os.Rename(filepath.Dir(file), moved); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.await("access.record: open", 1)
	read(t, p, 200)
	if got := len(requests(t, filepath.Join(moved, "access.jsonl"))); got != 1 {
		t.Errorf("the old file has %d lines, want 1", got)
	}
}

func TestWithoutItsDirectoryNothingIsReadUntilItIsBack(t *testing.T) {
	t.Parallel()
	p, file := recording(t, migratedSite(t))
	read(t, p, 200)
	if err := os.RemoveAll(filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	read(t, p, 503)
	read(t, p, 503)
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	read(t, p, 503) // the line that finds it back says so
	read(t, p, 200)
	if got := len(requests(t, file)); got != 2 {
		t.Errorf("the file has %d lines, want 2", got)
	}
}

func TestOnAFullDiskNothingIsReadUntilThereIsRoom(t *testing.T) {
	t.Parallel()
	p, file := recording(t, migratedSite(t))
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", file); err != nil {
		t.Fatal(err)
	}
	read(t, p, 503)
	read(t, p, 503)
	if code, body := ask(t, "POST", "http://"+p.address+"/pols/"+other+"/new", other, otherPwd, `{"id":"new"}`); code != 201 || body == "{}" {
		t.Errorf("a new page: %d %s", code, body)
	}
	if code, body := ask(t, "PATCH", "http://"+p.address+"/pols/"+other+"/new", other, otherPwd, `{"info":"more"}`); code != 200 || body != "{}" {
		t.Errorf("a changed page: %d %s", code, body)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	read(t, p, 503)
	read(t, p, 200)
	if got := len(requests(t, file)); got != 2 {
		t.Errorf("the file has %d lines, want 2", got)
	}
	p.await("no space left", 2) // in the log
}

func TestAKilledServerLeavesTheLinesOfAllItsReplies(t *testing.T) {
	t.Parallel()
	p, file := recording(t, migratedSite(t))
	const readers = 4
	var mu sync.Mutex
	replies := 0
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			for {
				code, _, err := try(t, "GET", "http://"+p.address+"/people/"+other, other, otherPwd, "")
				if err != nil {
					return
				}
				mu.Lock()
				if replies++; code != 200 || replies == 100 {
					_ = p.cmd.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if got := len(requests(t, file)); replies < 100 || got < replies || got > replies+readers {
		t.Errorf("%d lines for %d replies", got, replies)
	}
}

func TestTwoServersShareOneRecord(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p, file := recording(t, s)
	q := start(t, append(s.environ, "THALAMUS_ACCESS_RECORD="+file), "serve")
	const reads = 50
	var all sync.WaitGroup
	for _, server := range []*program{p, q, p, q} {
		all.Go(func() {
			for range reads {
				read(t, server, 200)
			}
		})
	}
	all.Wait()
	if got := len(requests(t, file)); got != 4*reads {
		t.Errorf("%d lines, want %d", got, 4*reads)
	}
}

func TestAStartWithoutTheRecordsDirectoryIsOneClearLine(t *testing.T) {
	t.Parallel()
	environ := append(pythonSite(t).environ, "THALAMUS_ACCESS_RECORD=/nonexistent/access.jsonl")
	status, out := here(t, "", environ, "serve")
	if status != 1 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "access.record: open /nonexistent/access.jsonl") {
		t.Errorf("status %d: %s", status, out)
	}
}

// startPiped starts a server whose standard output is read from r.
func startPiped(t *testing.T, environ []string) (p *program, r *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p = startWith(t, environ, func(cmd *exec.Cmd) { cmd.Stdout = w }, "serve")
	_ = w.Close()
	return p, r
}

// By default the record goes to standard output, where nothing else is.
func TestStandardOutputHasTheRecordAndNothingElse(t *testing.T) {
	t.Parallel()
	p, r := startPiped(t, migratedSite(t).environ)
	read(t, p, 200)
	p.signal(syscall.SIGHUP)
	p.await("reloaded", 1)
	read(t, p, 200)
	p.signal(syscall.SIGTERM)
	p.wait()
	text, err := io.ReadAll(r)
	file := filepath.Join(t.TempDir(), "stdout")
	if err != nil || os.WriteFile(file, text, 0o600) != nil || len(requests(t, file)) != 2 {
		t.Errorf("%q, %v", text, err)
	}
}

func TestTheServerOutlivesTheReaderOfItsStandardOutput(t *testing.T) {
	t.Parallel()
	p, r := startPiped(t, migratedSite(t).environ)
	_ = r.Close()
	read(t, p, 503)
	read(t, p, 503)
	if code, _ := ask(t, "GET", "http://"+p.address+"/login", other, otherPwd, ""); code != 200 {
		t.Errorf("login: %d", code)
	}
}
