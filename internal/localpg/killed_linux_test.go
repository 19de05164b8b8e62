// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Linux ends a child with its parent: nothing else stops the server here.
func TestTheServerEndsWithItsStarter(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	h := runHelper(t, dir, nil)
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.end()
	file := filepath.Join(dir, "cluster", "postmaster.pid")
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the server still runs")
		}
	}
}
