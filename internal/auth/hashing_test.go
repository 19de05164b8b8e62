// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"

	"thalamus/internal/fed"
)

// refusedHashes has new passwords hashed while the only worker is busy, as each of these
// accounts from each of these addresses, and counts those that were refused at once.
func refusedHashes(t *testing.T, callers []string, addresses []netip.Addr) (refused int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil, func(o *Options) { o.Workers = 1 })
		if err := f.queue.acquire(t.Context(), client{}); err != nil {
			t.Fatal(err)
		}

		outcomes := make(chan error, len(callers))
		for n, caller := range callers {
			go func() {
				_, err := f.Hash(t.Context(), addresses[n], caller, strconv.Itoa(n), "a new one")
				outcomes <- err
			}()
		}

		synctest.Wait()
		refused = len(outcomes)
		for range refused {
			if err := <-outcomes; fed.KindOf(err) != fed.Unavailable {
				t.Error(err)
			}
		}

		f.queue.release()
		for range len(callers) - refused {
			if err := <-outcomes; err != nil {
				t.Error(err)
			}
		}

		if len(f.hashQuota.accounts)+len(f.hashQuota.addresses) != 0 {
			t.Error("places are taken after the end")
		}
	})

	return refused
}

func TestTwoNewPasswordsOfAnAccountAndOfAnAddressAreHashedAtATime(t *testing.T) {
	t.Parallel()
	third := netip.MustParseAddr("198.51.100.9")
	for _, c := range []struct {
		name      string
		callers   []string
		addresses []netip.Addr
		refused   int
	}{
		{"one account", []string{"ANA", "ANA", "ANA", "ANA"}, []netip.Addr{phone, attacker, third, third}, 2},
		{"one account in two spellings", []string{"ANA", "ana", "Ana"}, []netip.Addr{phone, attacker, third}, 1},
		{"one address", []string{"ANA", "BEN", "CAM"}, []netip.Addr{phone, phone, phone}, 1},
		{"different ones", []string{"ANA", "ANA", "BEN", "BEN"}, []netip.Addr{phone, phone, attacker, attacker}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refusedHashes(t, c.callers, c.addresses); got != c.refused {
				t.Errorf("%d were refused, want %d", got, c.refused)
			}
		})
	}
}

func TestTheSameNewPasswordAtTheSameTimeIsHashedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil, func(o *Options) { o.Workers = 1 })
		if err := f.queue.acquire(t.Context(), client{}); err != nil {
			t.Fatal(err)
		}

		hashes := make(chan string, 51)
		ask := func(id string) {
			hash, err := f.Hash(t.Context(), phone, "ANA", id, "a new one")
			if err != nil {
				t.Error(err)
			}

			hashes <- hash
		}
		for range 50 {
			go ask("BEN")
		}

		go ask("CAM") // her hash must not tell that the password is the same
		synctest.Wait()
		f.queue.release()
		counts := map[string]int{}

		for range cap(hashes) {
			counts[<-hashes]++
		}

		if len(counts) != 2 {
			t.Errorf("%d different hashes", len(counts))
		}
	})
}

func TestNewPasswordsAreHashedBehindAllLogins(t *testing.T) {
	t.Parallel()
	worst := client{address: 1, account: 1}
	hash, other := client{address: 2, account: 2, newPassword: true}, client{address: 3, account: 3, newPassword: true}

	got := turnOrder(t, func(c client) int {
		if c == worst {
			return 30
		}
		return -1
	}, hash, other, worst, worst)
	if want := []client{worst, worst, hash, other}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestNewPasswordsDoNotWorsenThePriorityOfLogins(t *testing.T) {
	t.Parallel()
	equal := func(client) int { return 0 }
	hash := client{address: 1, account: 1, newPassword: true}

	hers, later := client{address: 1, account: 1}, client{address: 2, account: 2}
	if got := turnOrder(t, equal, hash, hash, hers, later); got[0] != hers {
		t.Errorf("order %v", got)
	}
}

func TestAFullQueueEvictsANewPassword(t *testing.T) {
	t.Parallel()
	q := newQueue(0, func(client) int { return 0 })
	for n := range uint64(maxQueue) {
		if _, err := q.enqueue(client{address: n, account: n, newPassword: true}); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := q.enqueue(client{address: 1, account: 1}); err != nil {
		t.Errorf("a login: %v", err)
	}

	if _, err := q.enqueue(client{address: 2, account: 2, newPassword: true}); fed.KindOf(err) != fed.Unavailable {
		t.Errorf("one more new password: %v", err)
	}
}

func TestALoginGoesBeforeManyNewPasswords(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, anaWith(t, 4), func(o *Options) { o.Workers = 1 })
		if err := f.queue.acquire(t.Context(), client{}); err != nil {
			t.Fatal(err)
		}

		hashed := make(chan error, 40)
		for n := range cap(hashed) {
			go func() {
				from := netip.AddrFrom4([4]byte{203, 0, 113, byte(n)})
				_, err := f.Hash(t.Context(), from, strconv.Itoa(n), "BEN", "a new one")
				hashed <- err
			}()
		}

		synctest.Wait()
		in := make(chan fed.Kind)
		count := f.compare
		f.compare = func(hash, password string) bool {
			if len(hashed) != 0 {
				t.Errorf("%d new passwords came first", len(hashed))
			}
			return count(hash, password)
		}

		go func() { in <- f.login(t, phone, "ANA", "secret12") }()
		synctest.Wait()
		f.queue.release()

		if got := <-in; got != -1 {
			t.Errorf("kind %d", got)
		}

		for range cap(hashed) {
			if err := <-hashed; err != nil {
				t.Error(err)
			}
		}
	})
}
