// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"os"
	"strconv"
	"testing"
)

func TestProcessesAreRead(t *testing.T) {
	p, err := processStat(strconv.Itoa(os.Getpid()))
	if err != nil || p.parent != strconv.Itoa(os.Getppid()) {
		t.Errorf("got %+v, %v", p, err)
	}
}
