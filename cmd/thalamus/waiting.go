// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"thalamus/internal/pg"
)

const waitingTold = 10 * time.Second // at once, and then so often

// waiting tells the user of a command that it waits for the database, and that it goes on.
type waiting struct {
	out io.Writer

	mu   sync.Mutex
	told time.Time // zero: nothing, of this outage
}

func (w *waiting) tell(o pg.Outage) {
	w.mu.Lock()
	defer w.mu.Unlock()

	since := time.Since(o.Since).Round(time.Second / 10)
	if o.Cause == nil {
		w.told = time.Time{}
		fmt.Fprintf(w.out, "thalamus: the database is back after %v\n", since)
		return
	}

	if time.Since(w.told) < waitingTold {
		return
	}

	w.told = time.Now()
	cause, _, _ := strings.Cut(o.Cause.Error(), "\n")
	fmt.Fprintf(w.out, "thalamus: waiting for the database, %v by now: %s\n", since, cause)
}
