// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"testing"
	"time"
)

var start = time.Unix(1_000_000, 0)

func TestABurstIsAllowedAndThenOneAtATime(t *testing.T) {
	l := New(Rate{Burst: 3, Every: time.Minute}, 10)
	now := start
	for n := range 3 {
		if wait := l.Wait(1, now); wait != 0 {
			t.Fatalf("event %d waits %v", n, wait)
		}
		l.Add(1, now)
	}

	if wait := l.Wait(1, now); wait != time.Minute {
		t.Errorf("after the burst the wait is %v", wait)
	}

	if l.Wait(1, now.Add(time.Minute-1)) == 0 || l.Wait(1, now.Add(time.Minute)) != 0 {
		t.Error("the wait does not end when it should")
	}

	if l.Wait(2, now) != 0 {
		t.Error("another key waits, too")
	}
}

func TestEventsBeyondTheBurstDoNotAddUp(t *testing.T) {
	l := New(Rate{Burst: 3, Every: time.Minute}, 10)
	for range 1000 {
		l.Add(1, start)
	}

	if wait := l.Wait(1, start); wait != time.Minute {
		t.Errorf("the wait is %v", wait)
	}
}

func TestLevelFallsWithTime(t *testing.T) {
	l := New(Rate{Burst: 5, Every: time.Minute}, 10)
	l.Add(1, start)
	l.Add(1, start)

	for after, want := range map[time.Duration]int{0: 2, time.Minute - 1: 2, time.Minute: 1, 2*time.Minute - 1: 1, 2 * time.Minute: 0} {
		if got := l.Level(1, start.Add(after)); got != want {
			t.Errorf("after %v the level is %d, want %d", after, got, want)
		}
	}
}

func TestForgetStartsAnew(t *testing.T) {
	l := New(Rate{Burst: 1, Every: time.Minute}, 10)
	l.Add(1, start)
	l.Forget(1)
	if l.Wait(1, start) != 0 || l.Len() != 0 {
		t.Error("a forgotten key waits")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	for _, most := range []int{1, 10, 100} {
		l := New(Rate{Burst: 1, Every: time.Minute}, most)
		for key := range uint64(10_000) {
			l.Add(key, start)
			if l.Len() > most {
				t.Fatalf("%d keys are kept, not %d", l.Len(), most)
			}
		}

		if l.Wait(9_999, start) == 0 {
			t.Error("the newest key was given up for older ones")
		}
	}
}

func TestForgottenKeysAreEvictedFirst(t *testing.T) {
	l := New(Rate{Burst: 1, Every: time.Minute}, 10)
	for key := range uint64(9) {
		l.Add(key, start)
	}

	later := start.Add(2 * time.Minute)
	l.Add(100, later)
	l.Add(101, later)

	if l.Wait(100, later) == 0 || l.Wait(101, later) == 0 {
		t.Error("a key in use was given up while there were forgotten ones")
	}
}
