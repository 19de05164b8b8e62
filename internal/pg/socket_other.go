// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !linux

package pg

import "syscall"

// setUserTimeout does nothing: keepalives alone have to find a dead connection.
func setUserTimeout(string, string, syscall.RawConn) error { return nil }
