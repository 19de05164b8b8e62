// SPDX-License-Identifier: GPL-3.0-or-later

package task

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestStopEndsTheWorkAndWaitsForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Int32
		untilEnd := func(ctx context.Context) {
			<-ctx.Done()
			time.Sleep(time.Second) // it takes its time
			ended.Add(1)
		}
		task := Start(t.Context(), untilEnd, untilEnd)
		synctest.Wait()
		if got := ended.Load(); got != 0 {
			t.Errorf("%d ended before they were stopped", got)
		}
		select {
		case <-task.Done():
			t.Error("it is done before it was stopped")
		default:
		}
		for range 2 { // the second time it has ended
			task.Stop()
			if got := ended.Load(); got != 2 {
				t.Errorf("%d of 2 had ended", got)
			}
		}
	})
}

func TestTheWorkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	task := Start(ctx, func(ctx context.Context) { <-ctx.Done() })
	cancel()
	task.Wait()
}

func TestWaitLetsTheWorkEndByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var err error
		task := Start(t.Context(), func(ctx context.Context) {
			time.Sleep(time.Second)
			err = ctx.Err()
		})
		began := time.Now()
		task.Wait()
		if waited := time.Since(began); waited != time.Second || err != nil {
			t.Errorf("after %v, %v", waited, err)
		}
	})
}

func TestATaskWithoutWorkIsDone(t *testing.T) {
	t.Parallel()
	<-Start(t.Context()).Done()
}
