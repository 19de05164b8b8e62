// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"crypto/sha512"
	"errors"
	"io"
	"net/http"
	"runtime"
	"testing"

	"thalamus/internal/testhub"
)

const bigSize = 20 << 20

// allAllocated counts garbage, too.
func allAllocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// heapWatch notes the most memory that is in use while somebody reads. Garbage
// does not count.
type heapWatch struct {
	io.Reader
	every, unread int64
	most          uint64
}

func liveHeap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func (w *heapWatch) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if w.unread -= int64(n); w.unread <= 0 {
		w.unread = w.every
		w.most = max(w.most, liveHeap())
	}
	return n, err
}

// Alone, because the tests beside it use memory, too.
func TestABigDocumentIsNeverWholeInMemory(t *testing.T) {
	h := quickHub(t)
	h.Do(ana, http.MethodGet, birthPNG, "").Want(t, http.StatusOK)
	before := allAllocated()
	a := h.UploadChunked(ana, birthDocs, testhub.Noise(bigSize)).Want(t, http.StatusCreated)
	if needed := allAllocated() - before; needed > bigSize/2 {
		t.Errorf("a document of %d bytes needed %d bytes of memory on its way up", bigSize, needed)
	}

	before = liveHeap()
	reply, err := testhub.Client.Do(h.Request(ana, http.MethodGet, a.Header.Get("Location"), ""))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	down := &heapWatch{Reader: reply.Body, every: 1 << 20}
	got, want := sha512.New(), sha512.New()
	size, err := io.Copy(got, down)
	_, _ = io.Copy(want, testhub.Noise(bigSize))
	if err != nil || size != bigSize || string(got.Sum(nil)) != string(want.Sum(nil)) {
		t.Errorf("%d other bytes came back: %v", size, err)
	}
	if needed := max(down.most, before) - before; needed > bigSize/2 {
		t.Errorf("a document of %d bytes needed %d bytes of memory on its way down", bigSize, needed)
	}
}

func TestADocumentThatIsDeletedWhileSomebodyReadsItIsCutOff(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.UploadChunked(ana, birthDocs, testhub.Noise(bigSize)).Want(t, http.StatusCreated).Header.Get("Location")
	reply, err := testhub.Client.Do(h.Request(ana, http.MethodGet, path, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	h.Do(root, http.MethodDelete, path, "").Want(t, http.StatusNoContent)
	size, err := io.Copy(io.Discard, reply.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d of %d bytes came, and then %v", size, bigSize, err)
	}
}
