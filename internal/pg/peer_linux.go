// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"fmt"
	"net"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

// asUser dials as the system user of this name, if there is one and we are root. PostgreSQL's peer
// authentication lets in over a Unix socket who is called like the database's user, and root may be
// anybody.
func asUser(name string, dial func() (net.Conn, error)) (net.Conn, error) {
	const root = 0
	found, err := user.Lookup(name)
	if os.Geteuid() != root || err != nil {
		return dial()
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return nil, err
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := become(uid); err != nil {
		return nil, fmt.Errorf("connect as %s: %w", name, err)
	}
	conn, err := dial()
	if err := become(root); err != nil {
		panic(err) // what runs on this thread next must not be somebody else
	}
	return conn, err
}

// become changes the user of this thread alone. The others of the process, and what it could
// come back to, stay.
func become(uid int) error {
	const same = ^uintptr(0)
	_, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, same, uintptr(uid), same)
	if errno != 0 {
		return errno
	}
	return nil
}
