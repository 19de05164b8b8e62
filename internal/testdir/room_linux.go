// SPDX-License-Identifier: GPL-3.0-or-later

package testdir

import "syscall"

const noExec = 8 // flag of a file system from which no program may be run, as tests do

// roomFor reports whether a file system has room for clusters, and lets programs run.
func roomFor(dir string) bool {
	var fs syscall.Statfs_t
	err := syscall.Statfs(dir, &fs)
	return err == nil && fs.Bavail*uint64(fs.Bsize) >= room && fs.Flags&noExec == 0
}
