// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"strconv"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

var noon = time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)

func TestAFollowerIsBehindFromTheFirstChangeThatItHasNotRead(t *testing.T) {
	t.Parallel()
	all := followers{}
	wantLag := func(at, want time.Duration) {
		t.Helper()
		if got := all.lag(noon.Add(at)); got != want {
			t.Errorf("after %v the lag is %v, want %v", at, got, want)
		}
	}
	all.read("A", true, noon)
	wantLag(time.Hour, 0)
	all.published(noon.Add(time.Hour))
	all.published(noon.Add(2 * time.Hour))
	wantLag(3*time.Hour, 2*time.Hour)
	all.read("B", true, noon.Add(3*time.Hour))
	all.published(noon.Add(4 * time.Hour))
	wantLag(5*time.Hour, 4*time.Hour) // that of A, who is furthest behind
	all.read("A", false, noon.Add(5*time.Hour))
	wantLag(5*time.Hour, 4*time.Hour) // there is more
	all.read("A", true, noon.Add(5*time.Hour))
	wantLag(5*time.Hour, time.Hour)
}

func TestAFollowerHasComeToTheEndAndReadsWithinTheDay(t *testing.T) {
	t.Parallel()
	all := followers{}
	all.read("A", false, noon)
	if len(all) != 0 {
		t.Error("one that is catching up is a follower")
	}
	all.read("A", true, noon)
	all.published(noon)
	if got := all.lag(noon.Add(followerExpiry)); got != followerExpiry {
		t.Errorf("after a day the lag is %v", got)
	}
	if got := all.lag(noon.Add(followerExpiry + 1)); got != 0 || len(all) != 0 {
		t.Errorf("one that is gone for longer is a follower still, with a lag of %v", got)
	}
}

func TestThereAreNoMoreFollowersThanAThousand(t *testing.T) {
	t.Parallel()
	all := followers{}
	for i := range maxFollowers + 1 {
		all.read(strconv.Itoa(i), true, noon)
	}
	all.published(noon)
	all.read("0", true, noon.Add(time.Hour))
	if len(all) != maxFollowers || !all["0"].behind.IsZero() {
		t.Errorf("there are %d, and a known one is behind since %v", len(all), all["0"].behind)
	}
}

func TestPositionsAreOfAThousandAccountsAndForgottenWithThem(t *testing.T) {
	t.Parallel()
	all := positions{}
	for i := range maxFollowers + 1 {
		all.read(strconv.Itoa(i), 1)
	}
	all.read("0", 2)
	all.read("0", 1)
	if len(all) != maxFollowers || all["0"].reached != 2 {
		t.Errorf("there are %d, and the first has reached %d", len(all), all["0"].reached)
	}
	if told := all.take(); len(told) != maxFollowers {
		t.Errorf("%d are told", len(told))
	}
	all.read("0", 1)
	if told := all.take(); len(told) != 1 || told[0].Position != 2 || len(all) != 1 {
		t.Errorf("%v are told, and %d kept", told, len(all))
	}
}

// They hear nothing of openings of books, and so are not behind.
func TestAnOpeningOfABookPutsNoFollowerBehind(t *testing.T) {
	t.Parallel()
	f := New(Options{})
	f.followers.read("A", true, time.Now())
	for _, c := range []struct {
		of     fed.Resource
		behind bool
	}{{fed.Emergency, false}, {fed.Page, true}} {
		f.Published([]store.ChangeNotice{{Resource: c.of}})
		if got := !f.followers["A"].behind.IsZero(); got != c.behind {
			t.Errorf("after a change of kind %s: behind %v", c.of, got)
		}
	}
}
