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

// A password counts as seen at an address for a day. That it was seen once more is
// noted once a minute.
const (
	seenFor   = 24 * time.Hour
	seenAfter = time.Minute
)

// digest is a keyed digest of an account, in upper case, and a password. It tells
// nothing without the key, which dies with the process.
type digest [sha256.Size]byte

// place is a digest at an address.
type place struct {
	digest  digest
	address uint64
}

// memory remembers how passwords were compared, so that bcrypt is paid once.
type memory struct {
	lifetime  time.Duration // of right passwords; 0: nothing is remembered
	digesters sync.Pool     // of *digester

	mu     sync.RWMutex
	rights map[digest]right
	seen   map[place]sighting
}

// right is the stored hash that a password fitted, and until when that is good.
type right struct {
	hash  string
	until time.Time
}

// sighting is how a password was compared with a stored hash, "" if there was none,
// and when it was last seen at the address.
type sighting struct {
	hash  string
	right bool
	at    time.Time
}

func newMemory(lifetime time.Duration) *memory {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return &memory{
		lifetime:  lifetime,
		digesters: sync.Pool{New: func() any { return &digester{mac: hmac.New(sha256.New, key)} }},
		rights:    map[digest]right{},
		seen:      map[place]sighting{},
	}
}

// digester makes one digest at a time.
type digester struct {
	mac  hash.Hash
	text []byte // what is digested; cleared after it
	sum  []byte
}

// digest digests the two texts, each behind its length.
func (m *memory) digest(account, password string) digest {
	d, _ := m.digesters.Get().(*digester)
	defer m.digesters.Put(d)
	d.text = d.text[:0]
	for _, part := range [...]string{account, password} {
		d.text = binary.BigEndian.AppendUint64(d.text, uint64(len(part)))
		d.text = append(d.text, part...)
	}
	d.mac.Reset()
	_, _ = d.mac.Write(d.text)
	clear(d.text)
	d.sum = d.mac.Sum(d.sum[:0])
	return digest(d.sum)
}

// fitting gives the stored hash that a password is remembered to fit; "" if none is.
func (m *memory) fitting(d digest, now time.Time) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if r := m.rights[d]; now.Before(r.until) {
		return r.hash
	}
	return ""
}

// lately gives what is remembered of a password at an address.
func (m *memory) lately(p place, now time.Time) (s sighting, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	s, ok = m.seen[p]
	return s, ok && now.Sub(s.at) < seenFor
}

// outcome tells how a comparison with this hash would end, if that is known.
func (m *memory) outcome(p place, hash string, now time.Time) (isRight, known bool) {
	if hash != "" && m.fitting(p.digest, now) == hash {
		return true, true
	}
	s, ok := m.lately(p, now)
	return false, ok && !s.right && s.hash == hash
}

// keep remembers how a comparison ended.
func (m *memory) keep(p place, hash string, isRight bool, now time.Time) {
	if m.lifetime == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	makeRoom(m.seen, p, mostRemembered)
	m.seen[p] = sighting{hash, isRight, now}
	if isRight {
		makeRoom(m.rights, p.digest, mostRemembered)
		m.rights[p.digest] = right{hash, now.Add(m.lifetime)}
	}
}

// see notes that a password, which is remembered to be right, was given at an
// address; isNews says that this was not noted lately.
func (m *memory) see(p place, hash string, now time.Time) (isNews bool) {
	if s, ok := m.lately(p, now); ok && s.right && s.hash == hash && now.Sub(s.at) < seenAfter {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	makeRoom(m.seen, p, mostRemembered)
	m.seen[p] = sighting{hash, true, now}
	return true
}

// makeRoom drops some entry of a map that has its most, unless key is there already.
func makeRoom[K comparable, V any](entries map[K]V, key K, most int) {
	if _, kept := entries[key]; kept || len(entries) < most {
		return
	}
	for other := range entries { // walked from a random place
		delete(entries, other)
		return
	}
}
