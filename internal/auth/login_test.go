// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"thalamus/internal/fed"
)

// now is time.Now, of a bubble's clock too.
func now() time.Time { return time.Now() }

func TestTheSameLoginAtTheSameTimeIsComparedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	started, release := make(chan struct{}), make(chan struct{})
	count := b.compare
	b.compare = func(hash, password string) bool {
		close(started)
		<-release
		return count(hash, password)
	}
	var all sync.WaitGroup
	login := func() {
		if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Errorf("kind %d", got)
		}
	}
	all.Go(login)
	<-started
	for range 50 {
		all.Go(login)
	}
	close(release)
	all.Wait()
	if b.compared.Load() != 1 {
		t.Errorf("%d comparisons", b.compared.Load())
	}
}

func TestAFlightGoesOnWhileOnePassengerIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f flights
		release := make(chan string)
		fly := func(ctx context.Context) (string, error) {
			select {
			case hash := <-release:
				return hash, nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		first, leave := context.WithCancel(t.Context())
		left, stayed := make(chan error, 1), make(chan string, 1)
		go func() {
			_, err := f.share(first, route{}, fly)
			left <- err
		}()
		go func() {
			hash, err := f.share(t.Context(), route{}, fly)
			if err != nil {
				t.Error(err)
			}
			stayed <- hash
		}()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		release <- "a hash"
		if hash := <-stayed; hash != "a hash" {
			t.Errorf("the one who stayed gets %q", hash)
		}
		f.running.Wait()
	})
}

func TestAFlightThatNobodyWaitsForIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f flights
		var ended atomic.Bool
		ctx, leave := context.WithCancel(t.Context())
		leave()
		_, _ = f.share(ctx, route{}, func(ctx context.Context) (string, error) {
			<-ctx.Done()
			ended.Store(true)
			return "", ctx.Err()
		})
		f.running.Wait()
		if !ended.Load() || len(f.byRoute) != 0 {
			t.Error("the flight goes on")
		}
	})
}

func TestRememberedCredentialsDoNotWaitInLine(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, phone, "ANA", "secret12")
	b.line.free = 0 // all workers are busy
	if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("kind %d", got)
	}
}

func TestMatchesIsALoginAttempt(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, "secret12", 4)
	b := newBench(t, nil)
	if ok, err := b.Matches(t.Context(), phone, "ANA", hash, "secret12"); !ok || err != nil {
		t.Errorf("the right one: %t, %v", ok, err)
	}
	for n := range pairRate.Burst {
		if ok, err := b.Matches(t.Context(), attacker, "ANA", hash, string(rune('a'+n))); ok || err != nil {
			t.Errorf("a wrong one: %t, %v", ok, err)
		}
	}
	if _, err := b.Matches(t.Context(), attacker, "ANA", hash, "z"); fed.KindOf(err) != fed.TooMany {
		t.Errorf("one too many: %v", err)
	}
}
