// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// watchdog stands for the device of a machine: it resets a machine that has not written to it for a
// while. It is a pipe, to which Patroni's driver for tests writes what it tells a device.
type watchdog struct {
	pipe  *os.File
	timer *time.Timer

	mu      sync.Mutex
	timeout time.Duration // 0: it is not armed
}

// newWatchdog makes the pipe, for a user. It ends with the test.
func newWatchdog(t testing.TB, path string, user *syscall.Credential, reset func()) *watchdog {
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
	return w
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
			w.disarm()
		case 'C':
			line, _ := input.ReadString('\n')
			_, seconds, _ := strings.Cut(strings.TrimSpace(line), "=")
			n, _ := strconv.Atoi(seconds)
			w.arm(time.Duration(n) * time.Second)
		case '1':
			w.arm(0)
		}
	}
}

// arm begins the time anew; with 0 it is as long as before, and nothing happens if there was none.
func (w *watchdog) arm(timeout time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timeout = max(w.timeout, timeout)
	if w.timeout > 0 {
		w.timer.Reset(w.timeout)
	}
}

// disarm ends the watching, until Patroni says again after how many seconds to reset.
func (w *watchdog) disarm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timeout = 0
	w.timer.Stop()
}
