// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)

// write makes a write that must be let through at once.
func write(t *testing.T, q *Quota, key string, bytes int64, now time.Time) {
	t.Helper()
	if wait, ended := q.Begin(key, bytes, now); wait != 0 || ended != nil {
		t.Fatalf("%d bytes of %s must wait for %v", bytes, key, wait)
	}
	q.End(key, bytes, bytes, now)
}

func TestAKeyThatUsedUpItsQuotaWaitsForTheEndOfItsWindow(t *testing.T) {
	q := NewQuota(100, time.Hour, 10)
	write(t, q, "A", 60, noon)
	write(t, q, "A", 39, noon.Add(10*time.Minute))
	write(t, q, "A", 50, noon.Add(20*time.Minute)) // the write that uses it up is made

	for now, want := range map[time.Duration]time.Duration{20 * time.Minute: 40 * time.Minute, time.Hour - 1: 1} {
		if wait, _ := q.Begin("A", 1, noon.Add(now)); wait != want {
			t.Errorf("after %v the wait is %v, want %v", now, wait, want)
		}
	}

	write(t, q, "B", 100, noon.Add(20*time.Minute))
	write(t, q, "A", 100, noon.Add(time.Hour))
	if wait, _ := q.Begin("A", 1, noon.Add(time.Hour)); wait != time.Hour {
		t.Errorf("the next window begins with a wait of %v", wait)
	}
}

// Else a thousand at once would each see that there is room.
func TestWritesThatMayUseUpTheQuotaGoOneByOne(t *testing.T) {
	q := NewQuota(100, time.Hour, 10)
	for range 2 {
		if wait, ended := q.Begin("A", 50, noon); wait != 0 || ended != nil {
			t.Fatal("two writes of half are not let through at once")
		}
	}

	_, ended := q.Begin("A", 1, noon)
	if ended == nil {
		t.Fatal("a third write is let through")
	}

	q.End("A", 50, 2, noon)
	select {
	case <-ended:
	default:
		t.Fatal("the one that waits is not told of the end of another")
	}

	write(t, q, "A", 40, noon)
	q.End("A", 50, 1000, noon)
	if wait, _ := q.Begin("A", 1, noon); wait != time.Hour {
		t.Errorf("the wait is %v", wait)
	}
}

func TestAWriteThatMayExceedTheQuotaGoesAlone(t *testing.T) {
	q := NewQuota(100, time.Hour, 10)
	if wait, ended := q.Begin("A", 1000, noon); wait != 0 || ended != nil {
		t.Fatal("it is never let through")
	}

	if _, ended := q.Begin("A", 1, noon); ended == nil {
		t.Error("another goes beside it")
	}
}

func TestAKeyWithoutQuotaIsReportedOnceInAWindow(t *testing.T) {
	q := NewQuota(100, time.Hour, 10)
	for i, want := range []bool{false, true, false, false} {
		if passed := q.Add("A", 60, noon); passed != want {
			t.Errorf("the write %d was reported: %v", i, passed)
		}
	}

	if q.Add("A", 60, noon.Add(time.Hour)) || !q.Add("A", 60, noon.Add(time.Hour)) {
		t.Error("it is not reported anew in the next window")
	}
}

func TestKeysAreBoundedAndThoseInUseStay(t *testing.T) {
	const most = 16
	q := NewQuota(100, time.Hour, most)
	write(t, q, "A", 100, noon)

	if _, ended := q.Begin("B", 1, noon); ended != nil {
		t.Fatal("B must wait")
	}

	for i := range 1000 {
		write(t, q, fmt.Sprint(i), 1, noon)
	}

	if len(q.used) != most {
		t.Errorf("%d keys are kept, want %d", len(q.used), most)
	}

	if wait, _ := q.Begin("A", 1, noon); wait == 0 {
		t.Error("a key that used up its quota is forgotten")
	}

	if q.used["B"] == nil {
		t.Error("a key that is writing is forgotten")
	}
}
