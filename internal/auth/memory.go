// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
	"time"
)

// mostRemembered bounds each kind of thing that is remembered about logins.
const mostRemembered = 100_000

// fact is a keyed digest of "this account, with this stored hash, was given this
// password". It tells nothing without the key, which dies with the process.
type fact [sha256.Size]byte

// memory remembers which credentials were compared, and how that ended, so that
// bcrypt is paid once. A changed stored hash makes another fact.
type memory struct {
	lifetime  time.Duration // 0: nothing is remembered
	digesters sync.Pool     // of *digester

	mu     sync.RWMutex
	rights map[string]right   // by account
	wrongs map[fact]time.Time // until when
}

// right is the fact of an account that is true, until then.
type right struct {
	fact  fact
	until time.Time
}

func newMemory(lifetime time.Duration) *memory {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return &memory{
		lifetime:  lifetime,
		digesters: sync.Pool{New: func() any { return &digester{mac: hmac.New(sha256.New, key)} }},
		rights:    map[string]right{},
		wrongs:    map[fact]time.Time{},
	}
}

// digester makes one fact at a time.
type digester struct {
	mac  hash.Hash
	text []byte // what is digested; cleared after it
	sum  []byte
}

// fact digests the three texts, each behind its length.
func (m *memory) fact(account, password, stored string) fact {
	d, _ := m.digesters.Get().(*digester)
	defer m.digesters.Put(d)
	d.text = d.text[:0]
	for _, part := range [...]string{account, password, stored} {
		d.text = binary.BigEndian.AppendUint64(d.text, uint64(len(part)))
		d.text = append(d.text, part...)
	}
	d.mac.Reset()
	_, _ = d.mac.Write(d.text)
	clear(d.text)
	d.sum = d.mac.Sum(d.sum[:0])
	return fact(d.sum)
}

// right reports whether the fact is remembered as true.
func (m *memory) right(account string, f fact, now time.Time) bool {
	m.mu.RLock()
	r := m.rights[account]
	m.mu.RUnlock()
	return hmac.Equal(r.fact[:], f[:]) && now.Before(r.until)
}

// wrong reports whether the fact is remembered as false.
func (m *memory) wrong(f fact, now time.Time) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return now.Before(m.wrongs[f])
}

// keep remembers how a comparison ended.
func (m *memory) keep(account string, f fact, isRight bool, now time.Time) {
	if m.lifetime == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	until := now.Add(m.lifetime)
	if isRight {
		makeRoom(m.rights, account)
		m.rights[account] = right{f, until}
		return
	}
	makeRoom(m.wrongs, f)
	m.wrongs[f] = until
}

// makeRoom drops some entry of a full map, unless key is there already.
func makeRoom[K comparable, V any](entries map[K]V, key K) {
	if _, kept := entries[key]; kept || len(entries) < mostRemembered {
		return
	}
	for other := range entries { // walked from a random place
		delete(entries, other)
		return
	}
}
