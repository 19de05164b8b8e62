// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const shortPrefix = "thalamus-" // of socket directories outside the home

func (h *home) socketDir() string { return filepath.Join(h.dir, "socket") }

// makeSocketDir returns an empty directory for the socket, open only to
// the server's user (and root). It lies outside the home when its path there
// would be too long, or has a comma, which separates hosts in an URL; a link
// in the home then leads to it, so that it can be removed after a crash.
func (l *launcher) makeSocketDir(ctx context.Context) (string, error) {
	err := l.home.removeSocketDir()
	if err != nil {
		return "", err
	}

	dir := l.home.socketDir()
	if !fits(dir) {
		return l.linkedSocketDir(ctx)
	}

	err = os.Mkdir(dir, 0o700)
	if err != nil {
		return "", fmt.Errorf("make the socket's directory: %w", err)
	}
	err = l.pg.chown(dir)
	if err != nil {
		return "", fmt.Errorf("make the socket's directory: %w", err)
	}
	return dir, nil
}

func (l *launcher) linkedSocketDir(ctx context.Context) (string, error) {
	for _, base := range []string{os.TempDir(), "/tmp"} {
		dir, err := os.MkdirTemp(base, shortPrefix)
		if err != nil {
			continue
		}
		err = os.Symlink(dir, l.home.socketDir())
		if err != nil {
			return "", errors.Join(fmt.Errorf("link the socket's directory: %w", err), os.Remove(dir))
		}

		if fits(dir) && l.pg.chown(dir) == nil && l.pg.enter(ctx, dir) == nil {
			return dir, nil
		}
		err = l.home.removeSocketDir()
		if err != nil {
			return "", err
		}
	}

	return "", fmt.Errorf("no directory for a socket: %s is too long a path, and %s and /tmp are no use",
		l.home.dir, os.TempDir())
}

// fits reports whether a socket in the directory can be connected to.
func fits(dir string) bool {
	return len(dir)+len("/.s.PGSQL."+port) <= socketPath && !strings.Contains(dir, ",")
}

// removeSocketDir removes the directory, wherever it is.
func (h *home) removeSocketDir() error {
	link := h.socketDir()
	dir, _ := os.Readlink(link) // "" unless it is a link
	if strings.HasPrefix(filepath.Base(dir), shortPrefix) {
		err := os.RemoveAll(dir)
		if err != nil {
			return fmt.Errorf("remove the socket's directory: %w", err)
		}
	}

	err := os.RemoveAll(link)
	if err != nil {
		return fmt.Errorf("remove the socket's directory: %w", err)
	}
	return nil
}
