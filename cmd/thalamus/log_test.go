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
		for _, line := range []string{"one\n", "two\n"} {
			_, _ = w.Write([]byte(line))
		}
		time.Sleep(lateness - time.Nanosecond)
		if out.Len() != 0 {
			t.Errorf("too early: %q", out.String())
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		_, _ = w.Write([]byte("three\n"))
		w.flush()
		if got := out.String(); got != "one\ntwo\nthree\n" {
			t.Errorf("got %q", got)
		}
		_, _ = w.Write([]byte(strings.Repeat("x", muchToLog)))
		if out.Len() < muchToLog {
			t.Error("much to log was not written at once")
		}
		time.Sleep(lateness)
	})
}
