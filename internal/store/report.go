// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"sync"
	"time"

	"thalamus/internal/pg"
)

// reportAgain is how long an error that lasts is not reported again.
const reportAgain = 10 * time.Second

// sampledReport reports an error in short, and the same one again after reportAgain only: an
// outage is met by each attempt to connect. Several goroutines may use it.
func sampledReport(report func(error)) func(error) {
	var mu sync.Mutex
	var last string
	var reported time.Time

	return func(err error) {
		mu.Lock()
		defer mu.Unlock()

		reason := pg.Reason(err)
		if reason.Error() == last && time.Since(reported) < reportAgain {
			return
		}

		last, reported = reason.Error(), time.Now()
		report(reason)
	}
}
