// SPDX-License-Identifier: GPL-3.0-or-later

//go:build unix && !linux

package main

import "syscall"

// dieWithParent does nothing: there is no such service here.
func dieWithParent(*syscall.SysProcAttr) {}
