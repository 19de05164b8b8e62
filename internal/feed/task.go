// SPDX-License-Identifier: GPL-3.0-or-later

package feed

// task is work on the stack of a goroutine of its own. A goroutine that waits for long
// afterwards would keep the size of stack that the work once needed.
type task struct {
	done     chan struct{}
	panicked any
}

func startTask(do func()) *task {
	t := &task{done: make(chan struct{})}
	go func() {
		defer close(t.done)
		defer func() { t.panicked = recover() }()

		do()
	}()
	return t
}

// wait waits for a task, whose panic becomes the caller's.
func (t *task) wait() {
	<-t.done

	if t.panicked != nil {
		panic(t.panicked)
	}
}

// onOwnStack runs a function as a task, and waits for it.
func onOwnStack(do func()) { startTask(do).wait() }
