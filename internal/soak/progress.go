// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"os"
	"time"
)

// progress tells what happens now.
func (s *soak) progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%6s %s\n", time.Since(s.begun).Round(time.Second), fmt.Sprintf(format, args...))
}
