// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)

// grow makes a write that must be let through at once.
func grow(t *testing.T, g *Growth, key string, bytes int64, now time.Time) {
	t.Helper()
	if wait, ended := g.Begin(key, bytes, now); wait != 0 || ended != nil {
		t.Fatalf("%d bytes of %s must wait for %v", bytes, key, wait)
	}
	g.End(key, bytes, bytes, now)
}

func TestAKeyThatHasAddedWhatItMayWaitsForTheEndOfItsSpan(t *testing.T) {
	g := NewGrowth(100, time.Hour, 10)
	grow(t, g, "A", 60, noon)
	grow(t, g, "A", 39, noon.Add(10*time.Minute))
	grow(t, g, "A", 50, noon.Add(20*time.Minute)) // the write that uses it up is made
	for now, want := range map[time.Duration]time.Duration{20 * time.Minute: 40 * time.Minute, time.Hour - 1: 1} {
		if wait, _ := g.Begin("A", 1, noon.Add(now)); wait != want {
			t.Errorf("after %v the wait is %v, want %v", now, wait, want)
		}
	}
	grow(t, g, "B", 100, noon.Add(20*time.Minute))
	grow(t, g, "A", 100, noon.Add(time.Hour))
	if wait, _ := g.Begin("A", 1, noon.Add(time.Hour)); wait != time.Hour {
		t.Errorf("the next span begins with a wait of %v", wait)
	}
}

// Else a thousand at once would each see that there is room.
func TestWritesThatMayUseUpWhatThereIsGoOneByOne(t *testing.T) {
	g := NewGrowth(100, time.Hour, 10)
	for range 2 {
		if wait, ended := g.Begin("A", 50, noon); wait != 0 || ended != nil {
			t.Fatal("two writes of half are not let through at once")
		}
	}
	_, ended := g.Begin("A", 1, noon)
	if ended == nil {
		t.Fatal("a third write is let through")
	}
	g.End("A", 50, 2, noon)
	select {
	case <-ended:
	default:
		t.Fatal("the one that waits is not told of the end of another")
	}
	grow(t, g, "A", 40, noon)
	g.End("A", 50, 1000, noon)
	if wait, _ := g.Begin("A", 1, noon); wait != time.Hour {
		t.Errorf("the wait is %v", wait)
	}
}

func TestAWriteThatMayAddMoreThanThereIsGoesAlone(t *testing.T) {
	g := NewGrowth(100, time.Hour, 10)
	if wait, ended := g.Begin("A", 1000, noon); wait != 0 || ended != nil {
		t.Fatal("it is never let through")
	}
	if _, ended := g.Begin("A", 1, noon); ended == nil {
		t.Error("another goes beside it")
	}
}

func TestOneWhoIsNotStoppedIsReportedOnceInASpan(t *testing.T) {
	g := NewGrowth(100, time.Hour, 10)
	for i, want := range []bool{false, true, false, false} {
		if passed := g.Add("A", 60, noon); passed != want {
			t.Errorf("the write %d was reported: %v", i, passed)
		}
	}
	if g.Add("A", 60, noon.Add(time.Hour)) || !g.Add("A", 60, noon.Add(time.Hour)) {
		t.Error("it is not reported anew in the next span")
	}
}

func TestFewKeysAreKeptAndThoseThatMatterStay(t *testing.T) {
	const most = 16
	g := NewGrowth(100, time.Hour, most)
	grow(t, g, "A", 100, noon)
	if _, ended := g.Begin("B", 1, noon); ended != nil {
		t.Fatal("B must wait")
	}
	for i := range 1000 {
		grow(t, g, fmt.Sprint(i), 1, noon)
	}
	if len(g.used) != most {
		t.Errorf("%d keys are kept, want %d", len(g.used), most)
	}
	if wait, _ := g.Begin("A", 1, noon); wait == 0 {
		t.Error("who has used up everything is forgotten")
	}
	if g.used["B"] == nil {
		t.Error("who is writing is forgotten")
	}
}
