// SPDX-License-Identifier: GPL-3.0-or-later

//go:build unix && !linux

package localpg

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

const (
	ctype      = "UTF-8"
	socketPath = 103 // bytes of a Unix socket's path
)

// dieWithParent does nothing: there is no such service here. The next start
// stops a server that was left behind.
func dieWithParent(*syscall.SysProcAttr) {}

// isPostmaster reports whether the process was started on the cluster's
// directory.
func isPostmaster(ctx context.Context, pid int, cluster string) bool {
	out, err := exec.CommandContext(ctx, "ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return false
	}

	return strings.Contains(string(out), cluster)
}
