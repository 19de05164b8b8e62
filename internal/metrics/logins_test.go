// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"context"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/testhub"
)

func TestLoginsAreCountedByOutcome(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for range 3 {
		h.Do(ana, "GET", "/login", "").Want(t, 200)
	}
	for i := range 10 {
		h.Do([]string{ana[0], "wrong" + strconv.Itoa(i)}, "GET", "/login", "").Want(t, 401)
	}
	for range 2 {
		h.Do([]string{ana[0], "wrong again"}, "GET", "/login", "").Want(t, 429)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := h.parts.Verifier.Verify(ctx, netip.Addr{}, cameron[0], cameron[1]); err == nil {
		t.Error("a client that had gone is logged in")
	}

	h.want(map[string]float64{
		`thalamus_logins_total{outcome="right"}`:               3,
		`thalamus_logins_total{outcome="wrong"}`:               10,
		`thalamus_logins_total{outcome="throttled"}`:           2,
		`thalamus_logins_total{outcome="failed"}`:              1,
		`thalamus_login_cache_hits_total{cache="passwords"}`:   2,
		`thalamus_login_cache_misses_total{cache="passwords"}`: 11,
		`thalamus_login_cache_hits_total{cache="accounts"}`:    0, // nobody listens to changes of accounts here
		`thalamus_login_cache_misses_total{cache="accounts"}`:  14,
	})
}

func TestAnAccountThatIsRememberedIsAHit(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.parts.Verifier.Accounts.Confirmed(time.Now().Add(time.Hour)) // until then
	for range 3 {
		h.Do(ana, "GET", "/login", "").Want(t, 200)
	}
	h.Do([]string{ana[0], "wrong"}, "GET", "/login", "").Want(t, 401) // the database is asked for the hash
	h.want(map[string]float64{
		`thalamus_login_cache_hits_total{cache="accounts"}`:   2,
		`thalamus_login_cache_misses_total{cache="accounts"}`: 2,
	})
}

func TestARepeatedCreationCountsAsALogin(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const person = `{"name": "New", "password": "a password of one's own"}`
	h.Do(root, "POST", "/people/NEW", person).Want(t, 201)
	h.Do(root, "POST", "/people/NEW", person).Want(t, 200)
	h.want(map[string]float64{`thalamus_logins_total{outcome="right"}`: 3})
	h.Do(root, "POST", "/people/NEW", `{"name": "New", "password": "another password"}`).Want(t, 422)
	h.want(map[string]float64{`thalamus_logins_total{outcome="right"}`: 4, `thalamus_logins_total{outcome="wrong"}`: 1})
}

// One comparison at the usual cost takes some hundred milliseconds, and there is one worker.
func TestLoginsThatWaitAreInTheQueue(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hash, err := auth.Hash("dear to compare", testhub.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('password', $2::text) WHERE id = $1`, ana[0], hash)
	h.want(map[string]float64{"thalamus_login_queue_length": 0})

	done := make(chan error)
	const logins = 6
	for i := range logins {
		go func() {
			_, err := testhub.Try(h.Request([]string{ana[0], "wrong" + strconv.Itoa(i)}, "GET", "/login", ""))
			done <- err
		}()
	}
	h.await("thalamus_login_queue_length", positive)
	for range logins {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	h.want(map[string]float64{"thalamus_login_queue_length": 0})
}
