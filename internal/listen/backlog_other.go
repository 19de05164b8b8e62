// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !linux

package listen

import "syscall"

// shortBacklog is for Linux only.
func shortBacklog(_, _ string, _ syscall.RawConn) error { return nil }
