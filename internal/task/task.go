// SPDX-License-Identifier: GPL-3.0-or-later

// Package task gives every goroutine an owner that waits for it.
package task

import (
	"context"
	"sync"
)

// Task is work on goroutines of its own. Its owner stops it, or waits for its end.
type Task struct {
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Start starts each function on a goroutine. Their context ends with ctx, and when the task is
// stopped.
func Start(ctx context.Context, work ...func(context.Context)) *Task {
	ctx, cancel := context.WithCancel(ctx)
	t := &Task{cancel: cancel}
	for _, do := range work {
		t.running.Go(func() { do(ctx) })
	}
	return t
}

// Stop ends the context of the work, and returns when all of it has ended. It may be called
// again.
func (t *Task) Stop() {
	t.cancel()
	t.running.Wait()
}

// Wait returns when all of the work has ended by itself.
func (t *Task) Wait() {
	t.running.Wait()
	t.cancel()
}
