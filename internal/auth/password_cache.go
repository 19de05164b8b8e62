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

// maxEntries bounds each kind of thing that is cached or counted about logins; tests have lower bounds.
const maxEntries = 100_000

// A comparison counts for a day at its address. One more use of the same password renews
// that, once a minute.
const (
	comparisonLifetime = 24 * time.Hour
	touchInterval      = time.Minute
)

// digest is a keyed digest of an account, in upper case, and a password. It is
// useless without the key, which dies with the process.
type digest [sha256.Size]byte

// cacheKey is a digest at an address.
type cacheKey struct {
	digest  digest
	address uint64
}

// passwordCache holds how passwords were compared, so that bcrypt is paid once.
type passwordCache struct {
	lifetime  time.Duration // of right passwords; 0: nothing is cached
	most      int           // entries of each kind
	digesters sync.Pool     // of *digester

	mu          sync.RWMutex
	verified    map[digest]verifiedPassword
	comparisons map[cacheKey]comparison
}

// verifiedPassword is the stored hash that a password fitted, and until when that counts.
type verifiedPassword struct {
	hash  string
	until time.Time
}

// comparison is how a password was compared with a stored hash, "" if there was none,
// and when it was last used at the address.
type comparison struct {
	hash  string
	right bool
	at    time.Time
}

func newPasswordCache(lifetime time.Duration) *passwordCache {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails

	return &passwordCache{
		lifetime:    lifetime,
		most:        maxEntries,
		digesters:   sync.Pool{New: func() any { return &digester{mac: hmac.New(sha256.New, key)} }},
		verified:    map[digest]verifiedPassword{},
		comparisons: map[cacheKey]comparison{},
	}
}

// digester makes one digest at a time.
type digester struct {
	mac  hash.Hash
	text []byte // the input; cleared after use
	sum  []byte
}

// digest digests the two texts, each behind its length.
func (p *passwordCache) digest(account, password string) digest {
	d, _ := p.digesters.Get().(*digester)
	defer p.digesters.Put(d)

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

// verifiedHash gives the stored hash that a password has fitted; "" if there is none.
func (p *passwordCache) verifiedHash(d digest, now time.Time) string {
	p.mu.RLock()
	defer p.mu.RUnlock()

	v := p.verified[d]
	if !now.Before(v.until) {
		return ""
	}
	return v.hash
}

// recentComparison gives the comparison of a password at an address within the last day.
func (p *passwordCache) recentComparison(key cacheKey, now time.Time) (c comparison, ok bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c, ok = p.comparisons[key]
	return c, ok && now.Sub(c.at) < comparisonLifetime
}

// outcome tells how a comparison with this hash would end, if that is known.
func (p *passwordCache) outcome(key cacheKey, hash string, now time.Time) (right, known bool) {
	if hash != "" && p.verifiedHash(key.digest, now) == hash {
		return true, true
	}
	c, ok := p.recentComparison(key, now)
	return false, ok && !c.right && c.hash == hash
}

// add stores how a comparison ended.
func (p *passwordCache) add(key cacheKey, hash string, right bool, now time.Time) {
	if p.lifetime == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()

	evictIfFull(p.comparisons, key, p.most)
	p.comparisons[key] = comparison{hash, right, now}
	if !right {
		return
	}
	evictIfFull(p.verified, key.digest, p.most)
	p.verified[key.digest] = verifiedPassword{hash, now.Add(p.lifetime)}
}

// touch renews the day of a password that is known to be right at an address. It reports
// whether it did: it does so once a minute.
func (p *passwordCache) touch(key cacheKey, hash string, now time.Time) (renewed bool) {
	c, ok := p.recentComparison(key, now)
	if ok && c.right && c.hash == hash && now.Sub(c.at) < touchInterval {
		return false
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	evictIfFull(p.comparisons, key, p.most)
	p.comparisons[key] = comparison{hash, true, now}
	return true
}

// evictIfFull drops some entry of a full map, unless key is there already.
func evictIfFull[K comparable, V any](entries map[K]V, key K, most int) {
	if _, kept := entries[key]; kept || len(entries) < most {
		return
	}
	for other := range entries { // in random order
		delete(entries, other)
		return
	}
}
