// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Linux ends a child with its parent: nothing else stops the server here.
func TestTheServerEndsWithItsStarter(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	h := runHelper(t, dir, nil)
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.end()
	file := filepath.Join(dir, "cluster", "postmaster.pid")
	ended := came(func() bool {
		_, err := os.Stat(file)
		return errors.Is(err, fs.ErrNotExist)
	})
	if !ended {
		t.Error("the server still runs")
	}
}
