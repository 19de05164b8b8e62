// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Rounds that follow one another for longer than their limit of time go on with another,
// and none has less than its own.
func TestBatchesAreQueriedUntilTheQueueIsEmpty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := batcher[string]{query: func(ctx context.Context, ids []string) ([]string, error) {
			if until, ok := ctx.Deadline(); !ok || time.Until(until) < batchTimeout {
				t.Errorf("a batch has %v", time.Until(until))
			}
			time.Sleep(batchRunTime / 3)
			return ids, ctx.Err()
		}}
		var readers sync.WaitGroup
		for n := range 200 {
			readers.Go(func() {
				time.Sleep(time.Duration(n) * time.Second)
				id := fmt.Sprint(n)
				if got, err := g.get(t.Context(), id); got != id || err != nil {
					t.Errorf("%s: got %q, %v", id, got, err)
				}
			})
		}
		readers.Wait()
	})
}

func TestNobodyWaitsForABatchLongerThanForTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		over := make(chan struct{})
		g := batcher[string]{query: func(_ context.Context, ids []string) ([]string, error) {
			<-over
			return ids, nil
		}}
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		if _, err := g.get(ctx, "A"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		close(over)
	})
}
