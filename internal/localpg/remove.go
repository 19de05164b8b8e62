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
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	h, err := openHome(dir)
	if err != nil {
		return err
	}
	if err := h.stopLeftover(ctx); err != nil {
		return errors.Join(err, h.close())
	}
	return errors.Join(os.RemoveAll(h.dir), h.close())
}

// stopLeftover stops a postmaster that outlived its starter.
func (h *home) stopLeftover(ctx context.Context) error {
	major, err := h.clusterMajor()
	if err != nil || major == 0 {
		return err
	}
	bin, err := systemSearch().find(ctx, major)
	if err != nil {
		return err
	}
	pg, err := newPrograms(bin)
	if err != nil {
		return err
	}
	log, err := h.openLog()
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	if _, err := (&launcher{home: h, pg: pg, log: log}).stopOrphan(ctx); err != nil {
		return fmt.Errorf("stop what runs in %s: %w", h.dir, err)
	}
	return nil
}
