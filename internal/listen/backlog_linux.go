// SPDX-License-Identifier: GPL-3.0-or-later

package listen

import "syscall"

// shortBacklog lets the kernel take little of a reply ahead of its client. With the
// usual megabytes a slow one would look fast at first, and then as if it had stopped.
// Connections have it from their listener.
func shortBacklog(_, _ string, conn syscall.RawConn) error {
	const notSentLowWater, bytes = 25, 128 << 10 // TCP_NOTSENT_LOWAT
	var err error
	if control := conn.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, notSentLowWater, bytes)
	}); control != nil {
		return control
	}
	return err
}
