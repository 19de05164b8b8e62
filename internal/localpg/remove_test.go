// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"errors"
	"os"
	"testing"
)

func TestRemoveDeletesADirectoryThatNobodyUses(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s := start(t, dir)
	if err := Remove(t.Context(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("removing what is in use: %v", err)
	}
	if err := s.Stop(); err != nil {
		t.Errorf("the server was hurt: %v", err)
	}
	for range 2 {
		if err := Remove(t.Context(), dir); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory is still there: %v", err)
	}
}
