// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !linux

package pg

import "syscall"

// unacknowledged leaves to keepalives what Linux can bound.
func unacknowledged(string, string, syscall.RawConn) error { return nil }
