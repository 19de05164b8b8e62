// SPDX-License-Identifier: GPL-3.0-or-later

package terminal

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

func TestProgressIsABarOnATerminalAndLinesElsewhere(t *testing.T) {
	t.Parallel()
	started := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	number := func(n int64) func() int64 { return func() int64 { return n } }
	var out bytes.Buffer
	p := Progress{Out: &out, Unit: "records", Records: number(5000), Bytes: number(50), Total: 100, started: started}
	p.show(started.Add(2 * time.Second))
	p.onTerminal = true
	p.show(started.Add(2 * time.Second))
	fmt.Fprintln(&p, "said")
	p.Total = 0
	p.show(started.Add(time.Second))
	want := " 50% 5000 records, 2500/s\n" +
		" 50% [###############...............] 5000 records, 2500/s" +
		"\r\x1b[Ksaid\n" +
		"5000 records, 5000/s"
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
