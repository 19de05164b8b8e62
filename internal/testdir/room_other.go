// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !linux

package testdir

// roomFor reports false: only Linux has the directory.
func roomFor(string) bool { return false }
