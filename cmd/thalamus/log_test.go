// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheLogIsLateButWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		w := &lateWriter{out: &out}
		written := func() string {
			w.mu.Lock()
			defer w.mu.Unlock()
			return out.String()
		}
		for _, line := range []string{"one\n", "two\n"} {
			_, _ = w.Write([]byte(line))
		}
		time.Sleep(lateness - time.Nanosecond)
		if got := written(); got != "" {
			t.Errorf("too early: %q", got)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		_, _ = w.Write([]byte("three\n"))
		w.flush()
		if got := written(); got != "one\ntwo\nthree\n" {
			t.Errorf("got %q", got)
		}
		_, _ = w.Write([]byte(strings.Repeat("x", muchToLog)))
		if len(written()) < muchToLog {
			t.Error("much to log was not written at once")
		}
		time.Sleep(lateness)
	})
}
