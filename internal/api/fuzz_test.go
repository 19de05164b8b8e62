// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"encoding/binary"
	"flag"
	"math/rand/v2"
	"sync"
	"testing"
)

// fuzzSequences is how many sequences of requests are sent, each on a database of its own.
var fuzzSequences = flag.Uint64("sequences", 12, "random sequences of requests that FuzzHandler sends")

// fuzzBytes are the bytes of chance that a sequence is made of; a request takes some fifty.
const fuzzBytes = 6 << 10

// FuzzHandler sends sequences of requests, valid and broken, as every kind of caller to
// every row of the route table, some at once, and holds the replies, the log and the
// database to what must be true whatever was asked. A failure shows all that was sent;
// -run FuzzHandler/seed#N sends it again, with as many -sequences as were asked for.
func FuzzHandler(f *testing.F) {
	for number := range *fuzzSequences {
		var seed [32]byte
		binary.LittleEndian.PutUint64(seed[:], number)
		chance := make([]byte, fuzzBytes)
		_, _ = rand.NewChaCha8(seed).Read(chance) // which never fails
		f.Add(chance)
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		w, c := newFuzzWorld(t), &chance{bytes}
		for len(c.bytes) > 0 && !t.Failed() {
			w.burst(c)
		}
		w.checkLog()
		w.checkDatabase()
	})
}

// burst sends requests at once, and judges the replies when all are there. The next
// requests depend on the replies.
func (w *fuzzWorld) burst(c *chance) {
	requests := make([]fuzzRequest, 1+max(0, c.below(6)-3))
	for i := range requests {
		requests[i] = w.request(c)
		w.T.Log(requests[i])
	}
	replies := make([]fuzzReply, len(requests))
	var sending sync.WaitGroup
	for i, r := range requests {
		sending.Go(func() { replies[i] = w.send(r) })
	}
	sending.Wait()

	w.note(replies)
	for _, reply := range replies {
		w.check(reply, len(requests) == 1)
		w.learn(reply)
	}
}
