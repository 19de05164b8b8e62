// SPDX-License-Identifier: GPL-3.0-or-later

package feed

// errand is something that is done on a stack of its own: the one of a goroutine that
// waits for long afterwards keeps the size that it once needed.
type errand struct {
	done  chan struct{}
	fault any
}

func begin(do func()) *errand {
	e := &errand{done: make(chan struct{})}
	go func() {
		defer close(e.done)
		defer func() { e.fault = recover() }()
		do()
	}()
	return e
}

// end waits for an errand, whose panic is the caller's.
func (e *errand) end() {
	if <-e.done; e.fault != nil {
		panic(e.fault)
	}
}

// apart does an errand.
func apart(do func()) { begin(do).end() }
