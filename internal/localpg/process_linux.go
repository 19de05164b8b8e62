// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"fmt"
	"os"
	"syscall"
)

const (
	ctype      = "C.UTF-8"
	socketPath = 107 // bytes of a Unix socket's path
)

// dieWithParent has the child interrupted when the thread that started it
// ends; for postgres that is a fast shutdown.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }

// isPostmaster reports whether the process works in the cluster's directory,
// as a postmaster does from before it writes postmaster.pid.
func isPostmaster(_ context.Context, pid int, cluster string) bool {
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	dir, err := os.Stat(cluster)
	if err != nil {
		return false
	}

	return os.SameFile(cwd, dir)
}
