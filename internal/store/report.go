// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"errors"
	"sync"
	"time"

	"thalamus/internal/pg"
)

// reportAgain is how long an error that lasts is not reported again.
const reportAgain = 10 * time.Second

// sampledReport reports an error in short, and the same one again after reportAgain only: an
// outage is met by each attempt to connect. That a server is a standby, which may last for
// years, is reported once. Several goroutines may use it.
func sampledReport(report func(error)) func(error) {
	var mu sync.Mutex
	var last string
	var reported time.Time

	return func(err error) {
		mu.Lock()
		defer mu.Unlock()

		reason := pg.Reason(err)
		recent := time.Since(reported) < reportAgain || errors.Is(err, errInRecovery)
		if reason.Error() == last && recent {
			return
		}

		last, reported = reason.Error(), time.Now()
		report(reason)
	}
}
