// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"

	"thalamus/internal/task"
)

// stackTask is work on the stack of a goroutine of its own. A goroutine that waits for long
// afterwards would keep the size of stack that the work once needed.
type stackTask struct {
	*task.Task
	panicked any
}

func startOnOwnStack(ctx context.Context, do func(context.Context)) *stackTask {
	t := &stackTask{}
	t.Task = task.Start(ctx, func(ctx context.Context) {
		defer func() { t.panicked = recover() }()
		do(ctx)
	})
	return t
}

// finish waits for the work, whose panic becomes the caller's.
func (t *stackTask) finish() {
	t.Wait()
	if t.panicked != nil {
		panic(t.panicked)
	}
}

// onOwnStack runs a function on the stack of another goroutine, and waits for it.
func onOwnStack(ctx context.Context, do func(context.Context)) { startOnOwnStack(ctx, do).finish() }
