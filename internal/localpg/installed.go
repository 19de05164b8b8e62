// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"syscall"
)

// Installed gives the directory of PostgreSQL's programs, of the version that Start would take, and
// the user they run as; nil is ourselves.
func Installed(ctx context.Context) (bin string, user *syscall.Credential, err error) {
	pg, err := findPrograms(ctx, 0)
	return pg.bin, pg.cred, err
}
