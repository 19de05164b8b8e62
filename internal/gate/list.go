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

	"thalamus/internal/fed"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// FullPiece is how many bytes of a reply are collected before they are sent.
const FullPiece = 32 << 10

const (
	knownLength = 2 << 10 // bytes of a reply whose length net/http itself tells

	slowList   = 100 * time.Millisecond // a client that takes longer for FullPiece does not keep up
	shortPiece = 64 << 10               // bytes for a client that takes few

	ownLists    = 8  // long ones at a time, of one account
	globalLists = 32 // of one with a role that reaches everybody's
)

// listBuffers are used again: a short list would be the smallest part of what it
// allocates.
var listBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func newListBuffer() *bytes.Buffer {
	buffer, _ := listBuffers.Get().(*bytes.Buffer)
	buffer.Reset()
	return buffer
}

// reuse takes a buffer back, unless it grew around a large record.
func reuse(buffer *bytes.Buffer) {
	if buffer.Cap() <= 4*FullPiece {
		listBuffers.Put(buffer)
	}
}

// List is a JSON array on its way to a client, as a store.Flow. The first piece is all
// here before any is sent; of a longer list, a sender writes one piece while the next
// is collected.
type List struct {
	caller *Caller
	out    *PacedWriter
	hold   *limit.Hold // of the memory for what is collected and being sent
	leave  func()      // of the account's long lists; nil if it is none

	buffer  *bytes.Buffer // what was collected
	persons []string      // of whom that tells; nil: the list is not of persons
	any     bool          // an item was
	handed  int           // bytes that the sender was given last
	sender  *sender       // once something was sent
	err     error         // why nothing more may be sent
	look    bool          // the first piece is enough, and nobody wants it
}

// WriteList answers with [item,item,...] while each hands the items on. An error after
// the first bytes were sent cuts the reply off.
func (c *Caller) WriteList(w http.ResponseWriter, r *http.Request, each func(*List) error) error {
	w.Header().Set("Content-Type", JSONType)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	l := &List{caller: c, out: Paced(w), buffer: newListBuffer(), hold: c.OpenHold()}
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
	if l.leave != nil {
		l.leave()
	}
	l.hold.Release()
	reuse(l.buffer)
}

// Add collects an item.
func (l *List) Add(parts ...[]byte) error {
	if l.look {
		return nil
	}
	separator := byte(',')
	if !l.any {
		separator, l.any = '[', true
	}
	l.buffer.WriteByte(separator)
	for _, part := range parts {
		l.buffer.Write(part)
	}
	return nil
}

// OfPersons says that the items tell of persons, whom the access record is to name. It
// names those of an item before that is sent.
func (l *List) OfPersons() { l.persons = []string{} }

// AddOf collects an item that tells of a person.
func (l *List) AddOf(person string, parts ...[]byte) error {
	if l.persons != nil {
		l.persons = append(l.persons, person)
	}
	return l.Add(parts...)
}

// Room is store.Flow's.
func (l *List) Room(ctx context.Context, needed int64) (bytes int64, err error) {
	if l.look {
		return store.PieceBytes, nil
	}
	bytes = store.PieceBytes
	if l.leave != nil {
		if bytes, err = l.sendAll(); err != nil {
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

// Long is store.Flow's. While the list waits for its place, it has the memory of what it
// has collected.
func (l *List) Long(context.Context) error {
	if l.look {
		return errSeen
	}
	most := ownLists
	if l.caller.Global() {
		most = globalLists
	}
	leave, ok := l.caller.gate.lists.TryAcquire(l.caller.Account.ID, most)
	if !ok {
		return &fed.Error{Kind: fed.Unavailable, Msg: "You read as many long lists as an account may at a time.", Wait: time.Second}
	}
	l.leave = leave
	l.hold.Keep(int64(l.buffer.Len()))
	return nil
}

// Enter is store.Flow's. While a list is read by one statement, one piece is being sent
// and one collected, each with one record too many at most.
func (l *List) Enter(ctx context.Context) error { return l.hold.Take(ctx, 2*store.PieceBytes) }

// Flows is store.Flow's. The first piece goes out, however small it is.
func (l *List) Flows() bool {
	if l.sender != nil && l.buffer.Len() < FullPiece {
		return true
	}
	return l.hand(slowList)
}

// record has the access record say of whom what was collected tells.
func (l *List) record() {
	if l.persons == nil || l.err != nil {
		return
	}
	l.err = l.caller.Gives(l.persons)
	l.persons = []string{} // the record keeps the others until the reply begins
}

// hand gives the sender what was collected. It reports whether it could within a time,
// because all that was sent before has gone out, and nothing is wrong with the record.
func (l *List) hand(patience time.Duration) bool {
	l.record()
	if l.err != nil {
		return false
	}
	if l.sender == nil {
		l.sender = startSender(l.out)
	}
	size := l.buffer.Len()
	if !l.sender.take(l.buffer, patience) {
		return false
	}
	l.buffer, l.handed = newListBuffer(), size
	return true
}

// sendAll waits until the client has taken everything, and says how much it takes in
// a second: a slow client is to hold little memory.
func (l *List) sendAll() (bytes int64, err error) {
	size, begun := l.buffer.Len(), time.Now()
	if size == 0 {
		return store.PieceBytes, nil
	}
	l.hold.Keep(int64(l.handed + size))
	if !l.hand(forever) {
		return 0, l.err
	}
	l.hold.Keep(int64(size))
	if err := l.sender.wait(); err != nil {
		return 0, err
	}
	rate := float64(size) / max(time.Since(begun), time.Millisecond).Seconds()
	return int64(min(max(rate, shortPiece), store.PieceBytes)), nil
}

// end sends the rest; of a list that is all here, with its length.
func (l *List) end() error {
	if !l.any {
		l.buffer.WriteByte('[')
	}
	l.buffer.WriteByte(']')
	if l.sender != nil {
		if !l.hand(forever) {
			return l.err
		}
		return l.sender.end()
	}
	l.record()
	if l.leave == nil {
		l.hold.Keep(int64(l.buffer.Len()))
	}
	if l.buffer.Len() > knownLength {
		l.out.Header().Set("Content-Length", strconv.Itoa(l.buffer.Len()))
	}
	_, err := l.buffer.WriteTo(l.out)
	return err
}

// errSeen ends a look at the first piece only.
var errSeen = errors.New("seen")

// look asks for a list and takes nothing of it.
func look(each func(*List) error) error {
	if err := each(&List{look: true}); !errors.Is(err, errSeen) {
		return err
	}
	return nil
}
