// SPDX-License-Identifier: GPL-3.0-or-later

// Package task gives every goroutine an owner that waits for it.
package task

import (
	"context"
	"sync/atomic"
)

// Task is work on goroutines of its own. Its owner stops it, or waits for its end.
type Task struct {
	cancel context.CancelFunc
	left   atomic.Int32 // functions that have not ended yet
	done   chan struct{}
}

// Start starts each function on a goroutine. Their context ends with ctx, and when the task is
// stopped.
func Start(ctx context.Context, work ...func(context.Context)) *Task {
	ctx, cancel := context.WithCancel(ctx)
	t := &Task{cancel: cancel, done: make(chan struct{})}
	t.left.Store(1) // this function
	for _, do := range work {
		t.left.Add(1)
		go t.run(ctx, do)
	}

	t.end()
	return t
}

func (t *Task) run(ctx context.Context, do func(context.Context)) {
	defer t.end()
	do(ctx)
}

// end notes the end of one function, and with the last one that of the task.
func (t *Task) end() {
	left := t.left.Add(-1)
	if left == 0 {
		t.cancel()
		close(t.done)
	}
}

// Stop ends the context of the work, and returns when all of it has ended. It may be called
// again.
func (t *Task) Stop() {
	t.cancel()
	<-t.done
}

// Wait returns when all of the work has ended by itself.
func (t *Task) Wait() { <-t.done }

// Done is closed when all of the work has ended.
func (t *Task) Done() <-chan struct{} { return t.done }
