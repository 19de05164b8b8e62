// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import "time"

// SetPace says how often a stream shows that it is there, and for how long a
// client may take nothing.
func SetPace(f *Feed, heartbeat, stall time.Duration) { f.heartbeat, f.stall = heartbeat, stall }

// Reading tells how many read the feed or wait for it.
func (f *Feed) Reading() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all)
}
