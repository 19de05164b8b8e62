// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// watchdog stands for the device of a machine: it resets a machine that has not written to it for a
// while. It is a pipe, to which Patroni's driver for tests writes what it tells a device.
type watchdog struct {
	pipe  *os.File
	reset func()

	timeout time.Duration // 0: it is not armed
	timer   *time.Timer
}

// newWatchdog makes the pipe, for a user. It ends with the test.
func newWatchdog(t testing.TB, path string, user *syscall.Credential, reset func()) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	give(t, path, user)
	pipe, err := os.OpenFile(path, os.O_RDWR, 0) // for both, so that it has no end while Patroni is away
	if err != nil {
		t.Fatal(err)
	}

	w := &watchdog{pipe: pipe, timer: time.AfterFunc(longest, reset)}
	w.timer.Stop()
	t.Cleanup(func() {
		w.timer.Stop()
		_ = pipe.Close()
	})
	go w.listen()
}

// listen takes what is written: 1 is a sign of life, V the end of watching, and Ctimeout=15 with a new line says
// after how many seconds without a sign to reset.
func (w *watchdog) listen() {
	for input := bufio.NewReader(w.pipe); ; {
		sign, err := input.ReadByte()
		if err != nil {
			return
		}
		switch sign {
		case 'V':
			w.timer.Stop()
		case 'C':
			line, _ := input.ReadString('\n')
			_, seconds, _ := strings.Cut(strings.TrimSpace(line), "=")
			n, _ := strconv.Atoi(seconds)
			w.timeout = time.Duration(n) * time.Second
			w.timer.Reset(w.timeout)
		case '1':
			w.timer.Reset(w.timeout)
		}
	}
}
