// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// FullPiece is how many bytes of a reply are collected before they are sent.
const FullPiece = 32 << 10

const (
	implicitLength = 2 << 10 // bytes of a reply whose Content-Length net/http itself sets

	slowPiece = 100 * time.Millisecond // a client that takes longer for FullPiece does not keep up
	minPiece  = 64 << 10               // bytes for a client that takes few

	maxLists       = 8  // long lists at a time, of one account
	maxGlobalLists = 32 // of one with a global role
)

// listBuffers are used again: a short list would be the smallest part of its
// allocations.
var listBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func newListBuffer() *bytes.Buffer {
	buffer, _ := listBuffers.Get().(*bytes.Buffer)
	buffer.Reset()
	return buffer
}

// reuseBuffer takes a buffer back, unless it grew around a large record: a piece for a client that
// does not keep up is collected whole.
func reuseBuffer(buffer *bytes.Buffer) {
	if buffer.Cap() <= 2*store.PieceBytes {
		listBuffers.Put(buffer)
	}
}

// Envelope is what a list stands in: an array, unless it is told otherwise.
type Envelope struct {
	ContentType string
	Begin       string                // before the first item
	End         func(any bool) []byte // behind the last one; if there is none, all of the reply
}

var array = Envelope{JSONType, "[", func(any bool) []byte {
	if any {
		return closing
	}
	return empty
}}

// List is a JSON array on its way to a client, as a store.Flow. The first piece is
// collected before any is sent; of a longer list, a sender writes what is collected as soon
// as it is enough and the client has taken what was sent before.
type List struct {
	envelope    Envelope
	caller      *Caller
	out         *MinRateWriter
	hold        *limit.Hold // of the memory for the pieces that are collected and sent
	releaseSlot func()      // of the account's long lists; nil if it is none

	buffer  *bytes.Buffer // the piece that is collected
	persons []string      // in that piece; nil: the list is not of persons
	begun   bool          // an item was added
	handed  int           // bytes that the sender was given last; 0: they are known to have gone out
	sender  *sender       // nil until a piece is sent
	err     error         // why nothing more may be sent
	probe   bool          // for HEAD: only the first piece is read, and none is sent
}

// WriteList answers with [item,item,...] while each adds the items. An error after
// the first bytes were sent cuts the reply off.
func (c *Caller) WriteList(w http.ResponseWriter, r *http.Request, each func(*List) error) error {
	return array.write(w, r, c, each)
}

// Write answers like Caller.WriteAsked, with the list in the envelope.
func (e Envelope) Write(w http.ResponseWriter, r *http.Request, c *Caller, each func(*List) error) error {
	if err := probeHead(r, each); err != nil {
		return err
	}
	return e.write(w, r, c, each)
}

func (e Envelope) write(w http.ResponseWriter, r *http.Request, c *Caller, each func(*List) error) error {
	w.Header().Set("Content-Type", e.ContentType)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}

	l := &List{envelope: e, caller: c, out: NewMinRateWriter(w), buffer: newListBuffer(), hold: c.OpenHold()}
	defer l.release()

	if err := each(l); err != nil {
		return err
	}

	return l.end()
}

// release waits for the sender: nobody may write a reply whose handler has returned.
func (l *List) release() {
	if l.sender != nil {
		_ = l.sender.end() // again, or another error came first
	}

	if l.releaseSlot != nil {
		l.releaseSlot()
	}

	l.hold.Release()
	reuseBuffer(l.buffer)
}

// Add adds an item.
func (l *List) Add(parts ...[]byte) error {
	if l.probe {
		return nil
	}

	separator := ","
	if !l.begun {
		separator, l.begun = l.envelope.Begin, true
	}

	l.buffer.WriteString(separator)
	for _, part := range parts {
		l.buffer.Write(part)
	}

	if l.releaseSlot != nil && l.buffer.Len() >= FullPiece {
		_ = l.handOff(0) // else it is larger the next time
	}
	return nil
}

// OfPersons says that the items are about persons, whom the access record is to name. It
// names the persons of an item before that is sent.
func (l *List) OfPersons() { l.persons = []string{} }

// AddOf adds an item about a person.
func (l *List) AddOf(person string, parts ...[]byte) error {
	if l.persons != nil {
		l.persons = append(l.persons, person)
	}
	return l.Add(parts...)
}

// ReservePiece is store.Flow's.
func (l *List) ReservePiece(ctx context.Context, needed int64) (bytes int64, err error) {
	if l.probe {
		return store.PieceBytes, nil
	}

	bytes = store.PieceBytes
	if l.releaseSlot != nil {
		bytes, err = l.waitForClient()
		if err != nil {
			return 0, err
		}
	}

	bytes = max(bytes, needed)
	l.hold.Release()
	if err := l.hold.Take(ctx, bytes); err != nil {
		return 0, err
	}

	return bytes, nil
}

// AcquireSlot is store.Flow's. While the list waits, it has the memory of the piece that it has
// collected.
func (l *List) AcquireSlot(context.Context) error {
	if l.probe {
		return errProbed
	}

	leave, err := l.caller.enterLists()
	if err != nil {
		return err
	}

	l.releaseSlot = leave
	l.hold.Keep(int64(l.buffer.Len()))
	return nil
}

// ReserveStream is store.Flow's. While a list is read by one statement, one piece is being sent
// and one collected, each with one record too many at most.
func (l *List) ReserveStream(ctx context.Context) error { return l.hold.Take(ctx, 2*store.PieceBytes) }

// Flush is store.Flow's. The first piece goes out, however small it is.
func (l *List) Flush() bool {
	if l.sender != nil && l.buffer.Len() < FullPiece {
		return true
	}
	return l.handOff(slowPiece)
}

// recordPersons has the access record name the persons in the piece that was collected.
func (l *List) recordPersons() {
	if l.persons == nil || l.err != nil {
		return
	}
	l.err = l.caller.RecordPersons(l.persons)
	l.persons = []string{} // the record keeps the others until the reply begins
}

// handOff gives the sender the piece that was collected. It reports whether the sender
// could take it before the timeout, and the access record was written.
func (l *List) handOff(timeout time.Duration) bool {
	l.recordPersons()
	if l.err != nil {
		return false
	}

	if l.sender == nil {
		l.sender = startSender(l.out)
	}

	size := l.buffer.Len()
	if !l.sender.send(l.buffer, timeout) {
		return false
	}

	l.buffer, l.handed = newListBuffer(), size
	return true
}

// waitForClient waits until the client has taken everything, and gives the bytes that it
// takes in a second: a slow client is to hold little memory.
func (l *List) waitForClient() (bytes int64, err error) {
	size, begun := l.buffer.Len(), time.Now()
	if size == 0 {
		return store.PieceBytes, nil
	}

	outstanding := l.handed + size
	l.hold.Keep(int64(outstanding))
	if !l.handOff(forever) {
		return 0, l.err
	}

	l.hold.Keep(int64(size))
	if err := l.sender.wait(); err != nil {
		return 0, err
	}

	l.handed = 0
	rate := float64(outstanding) / max(time.Since(begun), time.Millisecond).Seconds()
	return int64(min(max(rate, minPiece), store.PieceBytes)), nil
}

// end sends the rest. A list of one piece has a Content-Length.
func (l *List) end() error {
	l.buffer.Write(l.envelope.End(l.begun))
	if l.sender != nil {
		if !l.handOff(forever) {
			return l.err
		}
		return l.sender.end()
	}

	l.recordPersons()
	if l.releaseSlot == nil {
		l.hold.Keep(int64(l.buffer.Len()))
	}

	if l.buffer.Len() > implicitLength {
		l.out.Header().Set("Content-Length", strconv.Itoa(l.buffer.Len()))
	}

	_, err := l.buffer.WriteTo(l.out)
	return err
}

// errProbed ends a probe after the first piece.
var errProbed = errors.New("probed")

// probeHead probes a list for HEAD.
func probeHead(r *http.Request, each func(*List) error) error {
	if r.Method != http.MethodHead {
		return nil
	}
	return probe(each)
}

// probe reads the first piece of a list and sends nothing.
func probe(each func(*List) error) error {
	if err := each(&List{probe: true}); !errors.Is(err, errProbed) {
		return err
	}
	return nil
}
