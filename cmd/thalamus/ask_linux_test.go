// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"thalamus/internal/testdb"
)

// typing gives a terminal on which somebody has typed this already.
func typing(t *testing.T, typed string) (terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	var locked, number int32
	for request, value := range map[uintptr]*int32{syscall.TIOCSPTLCK: &locked, syscall.TIOCGPTN: &number} {
		if _, _, fault := syscall.Syscall(syscall.SYS_IOCTL, keyboard.Fd(), request, uintptr(unsafe.Pointer(value))); fault != 0 {
			t.Fatal(fault)
		}
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	if _, err := keyboard.WriteString(typed); err != nil {
		t.Fatal(err)
	}
	return terminal
}

// atTerminal is here with a terminal.
func atTerminal(t *testing.T, typed string, environ []string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	env := environment{stdin: typing(t, typed), stdout: &out, stderr: &out, environ: environ}
	return status(run(t.Context(), args, env), &out), out.String()
}

func TestATerminalIsAskedTwiceForAPassword(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	hash := func() string {
		return testdb.Text(t, s.url, `SELECT data ->> 'password' FROM people WHERE id = $1`, other)
	}
	before := hash()
	status, out := atTerminal(t, "correct horse\ncorrect house\n", s.environ, "account", "password", other)
	if status != 1 || !strings.Contains(out, "the two passwords are not the same") || hash() != before {
		t.Errorf("two passwords: status %d: %s", status, out)
	}
	status, out = atTerminal(t, "correct horse\ncorrect horse\n", s.environ, "account", "password", other)
	if status != 0 || !strings.Contains(out, "Password: \nThe same again: \n") || hash() == before {
		t.Errorf("one password: status %d: %s", status, out)
	}
	if strings.Contains(out, "horse") {
		t.Error("it is shown")
	}
}

func TestAnErasureAsksOnATerminal(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	there := func() string {
		return testdb.Text(t, s.url, `SELECT count(*)::text FROM people WHERE id = $1`, ana)
	}
	for _, typed := range []string{"\n", "yes\n", other + "\n"} {
		status, out := atTerminal(t, typed, s.environ, "erase", ana)
		if status != 1 || !strings.Contains(out, "that is another id; nothing was changed") || there() != "1" {
			t.Errorf("%q: status %d: %s", typed, status, out)
		}
	}
	status, out := atTerminal(t, ana+"\n", s.environ, "erase", ana)
	if status != 0 || !strings.Contains(out, "erased "+ana) || there() != "0" {
		t.Errorf("status %d: %s", status, out)
	}
}
