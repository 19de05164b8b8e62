// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"os"
	"syscall"
	"testing"
	"unsafe"

	"thalamus/internal/terminal"
)

func TestALineIsAsWideAsTheTerminal(t *testing.T) {
	t.Parallel()
	window := typing(t, "")
	if got := terminal.Width(window); got != 80 {
		t.Errorf("a terminal that does not know has %d columns", got)
	}
	size := [4]uint16{24, 132} // rows, columns, and pixels
	if _, _, fault := syscall.Syscall(syscall.SYS_IOCTL, window.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size))); fault != 0 {
		t.Fatal(fault)
	}
	if got := terminal.Width(window); got != 132 {
		t.Errorf("a terminal of 132 columns has %d", got)
	}
	reader, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	defer pipe.Close()
	for _, stream := range []any{pipe, &bytes.Buffer{}} {
		if got := terminal.Width(stream); got != 80 {
			t.Errorf("a %T has %d columns", stream, got)
		}
	}
}
