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
	f := newFixture(t, anaWith(t, testCost))
	started, release := make(chan struct{}), make(chan struct{})
	count := f.compare
	f.compare = func(hash, password string) bool {
		close(started)
		<-release
		return count(hash, password)
	}

	var all sync.WaitGroup
	login := func() {
		if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
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
	if f.compared.Load() != 1 {
		t.Errorf("%d comparisons", f.compared.Load())
	}
}

func TestASharedCallGoesOnWhileOneCallerIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f singleflight
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
			_, err := f.do(first, callKey{}, fly)
			left <- err
		}()

		go func() {
			hash, err := f.do(t.Context(), callKey{}, fly)
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
			t.Errorf("the caller that stayed gets %q", hash)
		}

		f.running.Wait()
	})
}

func TestASharedCallWithoutCallersIsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f singleflight
		var ended atomic.Bool
		ctx, leave := context.WithCancel(t.Context())
		leave()
		_, _ = f.do(ctx, callKey{}, func(ctx context.Context) (string, error) {
			<-ctx.Done()
			ended.Store(true)
			return "", ctx.Err()
		})

		f.running.Wait()
		if !ended.Load() || len(f.calls) != 0 {
			t.Error("the call goes on")
		}
	})
}

func TestCachedCredentialsDoNotQueue(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, phone, "ANA", "secret12")

	f.queue.free = 0 // all workers are busy
	if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("kind %d", got)
	}
}

func TestMatchesIsALoginAttempt(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, "secret12", 4)

	f := newFixture(t, nil)
	if ok, err := f.Matches(t.Context(), phone, "ANA", hash, "secret12"); !ok || err != nil {
		t.Errorf("the right one: %t, %v", ok, err)
	}

	for n := range pairRate.Burst {
		if ok, err := f.Matches(t.Context(), attacker, "ANA", hash, string(rune('a'+n))); ok || err != nil {
			t.Errorf("a wrong one: %t, %v", ok, err)
		}
	}

	if _, err := f.Matches(t.Context(), attacker, "ANA", hash, "z"); fed.KindOf(err) != fed.TooMany {
		t.Errorf("one too many: %v", err)
	}
}
