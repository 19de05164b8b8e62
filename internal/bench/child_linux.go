// SPDX-License-Identifier: GPL-3.0-or-later

package main

import "syscall"

// dieWithParent has the child killed when the thread that started it ends.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
