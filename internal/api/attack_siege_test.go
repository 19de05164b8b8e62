// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/testhub"
)

const (
	siegeAccounts    = 300
	siegeAddresses   = 100
	siegeConnections = 1100 // more than the queue of first logins has places
)

// siege is wrong passwords for many accounts from many addresses.
type siege struct {
	h       *hub
	client  *http.Client
	refused chan struct{} // closed when somebody is refused with 503: the line is full
	once    sync.Once

	mu       sync.Mutex
	sent     int
	statuses map[int]int
}

// attack sends one attempt after the other until ctx ends.
func (s *siege) attack(ctx context.Context) {
	for ctx.Err() == nil {
		s.mu.Lock()
		n := s.sent
		s.sent++
		s.mu.Unlock()
		status, err := s.login(ctx, siegeAccount(n%siegeAccounts), rand.Text(), (n+n/siegeAccounts)%siegeAddresses)
		if err != nil { // the end
			return
		}
		s.mu.Lock()
		s.statuses[status]++
		s.mu.Unlock()
		if status == http.StatusServiceUnavailable {
			s.once.Do(func() { close(s.refused) })
		}
	}
}

// login comes from the nth address.
func (s *siege) login(ctx context.Context, account, password string, address int) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.h.URL+"/login", nil)
	if err != nil {
		return 0, err
	}
	r.SetBasicAuth(account, password)
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.%d.%d", 113+address>>8, address&0xff))
	reply, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	return reply.StatusCode, reply.Body.Close()
}

// siegeAccount is the id of one of the attacked; the first thirty exist.
func siegeAccount(n int) string { return fmt.Sprintf("SIEGE%03d", n) }

// Each victim is one of the attacked, and comes from an address of her own while
// the line is full of attackers.
func TestVictimsLogInWhileTheLineIsFullOfAttackers(t *testing.T) {
	t.Parallel()
	const victims = 5
	h := newHub(t, besieged(t, 8))
	for n := range siegeAccounts / 10 {
		h.Enrol(siegeAccount(n), "end_user")
	}
	s := &siege{h: h, refused: make(chan struct{}), statuses: map[int]int{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: siegeConnections}}}
	defer s.client.CloseIdleConnections()
	ctx, stop := context.WithCancel(t.Context())
	var attackers sync.WaitGroup
	defer attackers.Wait()
	defer stop()
	for range siegeConnections {
		attackers.Go(func() { s.attack(ctx) })
	}
	<-s.refused
	for n := range victims {
		status, err := s.login(t.Context(), siegeAccount(n), "enrolled with", siegeAddresses+n)
		if err != nil || status != http.StatusOK {
			t.Errorf("victim %d: status %d, %v", n, status, err)
		}
	}
	stop()
	attackers.Wait()
	for status, n := range s.statuses {
		switch status {
		case http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		default:
			t.Errorf("%d attempts were answered with %d", n, status)
		}
	}
}

// besieged throttles, makes comparisons one at a time, of this cost, and believes
// where requests say that they come from. At the end no comparison may be left.
func besieged(t *testing.T, cost int) func(*testhub.Options) {
	return func(o *testhub.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		o.Passwords.Cost = cost
		verifier, err := auth.NewVerifier(auth.Options{
			Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: cost,
			Remember: 10 * time.Minute, Workers: 1, Throttle: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(verifier.Close) // behind the server's
		o.Verifier = verifier
	}
}
