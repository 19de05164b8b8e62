// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// unused is how long a kept cluster stays that nobody copies: one of a PostgreSQL that was upgraded.
const unused = 30 * 24 * time.Hour

// newCluster fills dir with a new cluster: a copy of the kept one, which takes a tenth of initdb's time, or
// one that is kept from then on. Where none can be kept, each is made anew.
func (l *launcher) newCluster(ctx context.Context, dir string) error {
	if l.Keep == "" {
		return l.initdb(ctx, dir)
	}
	kept, err := l.kept()
	if err != nil {
		return err
	}

	now := time.Now()
	err = os.Chtimes(kept, now, now)
	if err == nil {
		return copyCluster(ctx, kept, dir)
	}

	err = l.initdb(ctx, dir)
	if err != nil {
		return err
	}
	_ = l.keep(ctx, dir, kept)
	return nil
}

// kept is where the cluster is kept that these programs make for this user.
func (l *launcher) kept() (path string, err error) {
	program, err := os.Stat(filepath.Join(l.pg.bin, "postgres"))
	if err != nil {
		return "", fmt.Errorf("look for a kept cluster: %w", err)
	}

	id := fmt.Sprint(l.pg.bin, program.Size(), program.ModTime().UnixNano(), l.pg.user, initdbArgs)
	return filepath.Join(l.Keep, fmt.Sprintf("%.8x", sha256.Sum256([]byte(id)))), nil
}

// keep copies a new cluster aside and renames the copy when it is complete and on the disk. Of several
// that do so at once the first one's stays.
func (l *launcher) keep(ctx context.Context, dir, kept string) error {
	err := os.MkdirAll(l.Keep, 0o700)
	if err != nil {
		return err
	}
	l.removeUnused()

	part, err := os.MkdirTemp(l.Keep, unfinished)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(part) }()

	err = copyCluster(ctx, dir, part)
	if err != nil {
		return err
	}
	syscall.Sync()
	return os.Rename(part, kept)
}

// removeUnused removes kept clusters that nobody has copied for long, and parts of killed runs.
func (l *launcher) removeUnused() {
	entries, _ := os.ReadDir(l.Keep)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && time.Since(info.ModTime()) > unused {
			_ = os.RemoveAll(filepath.Join(l.Keep, e.Name()))
		}
	}
}

// copyCluster copies what is in a directory into another one, with owners and modes.
func copyCluster(ctx context.Context, from, to string) error {
	out, err := exec.CommandContext(ctx, "cp", "-a", from+"/.", to).CombinedOutput()
	if err != nil {
		return fmt.Errorf("copy a cluster: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
