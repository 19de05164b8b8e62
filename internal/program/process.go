// SPDX-License-Identifier: GPL-3.0-or-later

package program

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Memory gives the resident memory of a process in MB, now and at its highest;
// both are zero where there is no /proc, and after the process's end.
func Memory(p *os.Process) (now, peak float64) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid))
	return sizeIn(status, "VmRSS"), sizeIn(status, "VmHWM")
}

// sizeIn gives a size of a process's status in MB, zero if it is not there.
func sizeIn(status []byte, name string) float64 {
	found := regexp.MustCompile(`(?m)^` + name + `:\s*(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0
	}

	kibibytes, _ := strconv.ParseFloat(string(found[1]), 64) // which it is
	return kibibytes * 1024 / 1e6
}

// Files gives the number of files that a process has open, its connections among them.
func Files(p *os.Process) (int, error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Pid))
	return len(open), err
}

// tick is the unit of the kernel's account of a process, on every Linux.
const tick = 10 * time.Millisecond

// CPU gives the processor's time that a process has used; zero where there is no
// /proc, and after the process's end.
func CPU(p *os.Process) time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Pid))
	_, rest, _ := strings.Cut(string(text), ") ") // the name before may hold blanks
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}

	user, _ := strconv.Atoi(fields[11]) // utime and stime, see proc(5)
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}
