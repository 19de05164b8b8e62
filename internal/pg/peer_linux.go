// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

// asUser dials as the system user of this name, if there is one and the process runs as root. Over a
// Unix socket, PostgreSQL's peer authentication accepts the system user with the name of the
// database's user, and root may become any user. Where that one may not reach the socket, root
// dials as root.
func asUser(name string, dial func() (net.Conn, error)) (net.Conn, error) {
	const root = 0
	if os.Geteuid() != root {
		return dial()
	}

	found, err := user.Lookup(name)
	if err != nil {
		return dial()
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return nil, err
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := setThreadUser(uid); err != nil {
		return nil, fmt.Errorf("connect as %s: %w", name, err)
	}

	conn, err := dial()
	if err := setThreadUser(root); err != nil {
		panic(err) // the next goroutine on this thread must run as root again
	}
	if errors.Is(err, fs.ErrPermission) {
		return dial()
	}
	return conn, err
}

// setThreadUser changes the effective user of this thread alone. The other threads of the
// process keep theirs, as does the saved user, to which the thread returns.
func setThreadUser(uid int) error {
	const same = ^uintptr(0)
	_, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, same, uintptr(uid), same)
	if errno != 0 {
		return errno
	}
	return nil
}
