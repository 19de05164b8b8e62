// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"strings"
	"syscall"
)

// setUserTimeout bounds how long sent bytes may stay without an acknowledgement: without it, Linux
// sends them again for a quarter of an hour.
func setUserTimeout(network, _ string, conn syscall.RawConn) error {
	const tcpUserTimeout = 0x12 // TCP_USER_TIMEOUT of linux/tcp.h, in milliseconds
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}

	var err error
	controlled := conn.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(userTimeout.Milliseconds()))
	})
	if controlled != nil {
		return controlled
	}
	return err
}
