// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"thalamus/etc"
	"thalamus/internal/check"
)

// checked runs check over a configuration and gives its exit status and output.
func checked(t *testing.T, configuration string, args ...string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "thalamus.toml")
	if err := os.WriteFile(filepath.Join(dir, "roles.cfg"), etc.Roles, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	return here(t, "", nil, append([]string{"check", "--config", file}, args...)...)
}

// local is a configuration that is well but for its database.
func local(url string) string {
	return "[server]\nlisten = '127.0.0.1:0'\ncors_origins = []\n[access]\nroles = 'roles.cfg'\n[database]\nurl = '" + url + "'\n"
}

func TestCheckTellsEachFaultOfTheConfiguration(t *testing.T) {
	t.Parallel()
	status, out := checked(t, "[server]\nlisen = ':1'\nmax_body = 'x'\n"+local("postgres://x")[9:])
	if status != 1 || !strings.Contains(out, "fault    configuration   ") || !strings.Contains(out, "thalamus.toml:2: server.lisen: unknown key; is it server.listen?") ||
		!strings.Contains(out, `thalamus.toml:3: server.max_body: "x" is not a size`) {
		t.Errorf("status %d: %s", status, out)
	}
}

func TestCheckGoesOnWithoutADatabaseAndTellsNoPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://hub:pa55w0rd@127.0.0.1:1/x", "postgres://hub:pa55w0rd@%zz/x"} {
		status, out := checked(t, local(url))
		for _, want := range []string{
			"ok       roles           ", "fault    database        ", `unknown  hashes          Not looked at, because of the check "database".`,
			"\nperson            (rc)      rac                  racd\n", "\nthalamus: faults: 1, unknown: 14, warnings: 0\n",
		} {
			if status != 1 || !strings.Contains(out, want) || strings.Contains(out, "pa55w0rd") {
				t.Errorf("%s: status %d, without %q: %s", url, status, want, out)
			}
		}
	}
}

func TestCheckLooksAtTheDatabase(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	status, out := checked(t, local(s.url))
	for _, want := range []string{"ok       database        PostgreSQL ", "fault    demo            Accounts of the demo ", "thalamus account password ID --config ", "warning  owner           "} {
		if status != 1 || !strings.Contains(out, want) {
			t.Errorf("status %d, without %q: %s", status, want, out)
		}
	}
}

func TestCheckIsReadByPrograms(t *testing.T) {
	t.Parallel()
	status, out := checked(t, local("postgres://hub@127.0.0.1:1/x"), "--json")
	var told struct {
		State  string
		Checks []check.Finding
		Rights []check.Right
	}
	line, _, _ := strings.Cut(out, "\n")
	if err := json.Unmarshal([]byte(line), &told); err != nil || status != 1 || told.State != "fault" {
		t.Fatalf("status %d, %v: %s", status, err, out)
	}
	if !slices.ContainsFunc(told.Checks, func(f check.Finding) bool { return f.Check == "database" && f.State == check.Fault && f.Remedy != "" }) {
		t.Errorf("%+v", told.Checks)
	}
	if !slices.Contains(told.Rights, check.Right{Role: "end_user", Endpoint: "person", Method: "PATCH", Reach: "own"}) {
		t.Errorf("%+v", told.Rights)
	}
}

func TestTheStatusOfACheckIsThatOfTheWorst(t *testing.T) {
	t.Parallel()
	for state, want := range map[check.State]int{check.OK: 0, check.Warning: 3, check.Unknown: 1, check.Fault: 1} {
		if got := status(verdict([]check.Finding{{State: check.OK}, {State: state}}), io.Discard); got != want {
			t.Errorf("%s: status %d, want %d", state, got, want)
		}
	}
}

// Root's group alone may read the file; a test that is not root's owns it, and is refused as well.
func TestCheckLooksAsTheUserOfTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(dir, 0o711), os.Chmod(filepath.Dir(dir), 0o711)); err != nil { // the way there is open
		t.Fatal(err)
	}
	file := filepath.Join(dir, "closed.toml")
	if err := os.WriteFile(file, []byte(local("postgres://hub@127.0.0.1:1/x")), 0o040); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "check", "--config", file)
	cmd.Env = append(os.Environ(), asProgram+"=1", programUser+"=nobody")
	root := os.Geteuid() == 0
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{
		Uid: uint32(os.Geteuid()), Gid: uint32(os.Getegid()), Groups: []uint32{0}, NoSetGroups: !root,
	}}
	server := user.User{Username: "nobody"}
	if !root {
		own, err := user.Current()
		if err != nil {
			t.Fatal(err)
		}
		server = *own
	}
	want := "cannot be read by user " + server.Username + ": open " + file + ": permission denied"
	if out, err := cmd.Output(); err == nil || !strings.Contains(string(out), want) {
		t.Errorf("%v, without %q: %s", err, want, out)
	}
}
