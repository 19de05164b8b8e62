// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Remove deletes a directory that Start made, with all data in it. A server
// that was left running there is stopped first; ErrInUse if one is in use.
func Remove(ctx context.Context, dir string) error {
	_, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}

	h, err := openHome(dir)
	if err != nil {
		return err
	}
	err = h.stopOrphan(ctx)
	if err != nil {
		return errors.Join(err, h.close())
	}
	return errors.Join(os.RemoveAll(h.dir), h.close())
}

// stopOrphan stops a postmaster that outlived its starter.
func (h *home) stopOrphan(ctx context.Context) error {
	major, err := h.clusterMajor()
	if err != nil || major == 0 {
		return err
	}

	pg, err := findPrograms(ctx, major)
	if err != nil {
		return err
	}
	log, err := h.openLog()
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()

	l := &launcher{home: h, pg: pg, log: log}
	_, err = l.stopOrphan(ctx)
	if err != nil {
		return fmt.Errorf("stop the server in %s: %w", h.dir, err)
	}
	return nil
}
