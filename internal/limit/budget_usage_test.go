// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestUsageIsWhatIsTakenAndWhoWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		want := func(want Usage) {
			t.Helper()
			if got := b.Usage(); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		want(Usage{Bytes: 100})
		hold := take(t, b, "A", 25)
		want(Usage{Bytes: 100, Taken: 25})

		waiting := takeLater(t, b.Open("A"), 1)
		synctest.Wait()
		want(Usage{Bytes: 100, Taken: 25, Waiting: 1})
		if err := <-waiting; err == nil {
			t.Error("more than there is was taken")
		}
		want(Usage{Bytes: 100, Taken: 25, Refused: 1})

		gone, leave := context.WithCancel(t.Context())
		leave()
		_ = b.Open("A").Take(gone, 1)
		want(Usage{Bytes: 100, Taken: 25, Refused: 2})
		hold.Release()
		want(Usage{Bytes: 100, Refused: 2})
	})
}
