// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// A phone sends its key with each page, each on a connection of its own.
func TestAPhoneThatSyncedWithThreeMistypedKeysSendsAllItsPages(t *testing.T) {
	t.Parallel()
	h := quickHub(t, besieged(t, 4))
	h.Enrol("PHONE001", "end_user")
	sync := func(key string) map[int]int {
		statuses := map[int]int{}
		for n := range 20 {
			r := h.Request([]string{"PHONE001", key}, "POST", fmt.Sprintf("/pols/PHONE001/page%d", n), fmt.Sprintf(`{"id": "page%d"}`, n))
			r.Close = true
			statuses[h.Send(r).StatusCode]++
		}
		return statuses
	}
	for wrong := range 3 {
		if got := sync(fmt.Sprint("wrong", wrong)); got[http.StatusUnauthorized] != 20 {
			t.Errorf("wrong key %d: statuses %v", wrong, got)
		}
	}
	h.Do([]string{"PHONE001", "enrolled with"}, "GET", "/people/PHONE001", "").Want(t, http.StatusOK)
	if got := sync("enrolled with"); got[http.StatusCreated] != 20 {
		t.Errorf("the right key: statuses %v", got)
	}
}

// Somebody at the same address guesses the password of an account that is in use there.
func TestAGuesserKeepsNobodyOutAndLearnsNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t, besieged(t, 4))
	account := h.Enrol("SHARED001", "end_user")
	login := func(address, password string) int {
		return h.DoWith([]string{"shared001", password}, "GET", "/login", "", "X-Forwarded-For", address).StatusCode
	}
	const home, elsewhere = "203.0.113.7", "203.0.113.8"
	if got := login(home, account[1]); got != http.StatusOK {
		t.Fatalf("status %d", got)
	}
	for _, address := range []string{home, elsewhere} {
		for n := range 10 {
			if got := login(address, fmt.Sprint("guess", n)); got != http.StatusUnauthorized {
				t.Errorf("guess %d: status %d", n, got)
			}
		}
	}
	for range 20 {
		if got := login(home, account[1]); got != http.StatusOK {
			t.Errorf("the owner: status %d", got)
		}
	}
	for _, address := range []string{home, elsewhere} {
		for n := range 200 {
			if got := login(address, fmt.Sprint("more", n)); got != http.StatusTooManyRequests {
				t.Errorf("more guesses: status %d", got)
			}
		}
		if got := login(address, account[1]); got != http.StatusTooManyRequests {
			t.Errorf("the right one beyond the ration: status %d", got)
		}
	}
}

func TestNewPasswordsKeepNobodyFromLoggingIn(t *testing.T) {
	t.Parallel()
	const loops, turns, victims = 20, 5, 5
	h := quickHub(t, besieged(t, 7))
	for n := range victims {
		h.Enrol(fmt.Sprint("VICTIM", n), "end_user")
	}
	h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)
	var mu sync.Mutex
	statuses := map[int]int{}
	var all sync.WaitGroup
	for n := range loops {
		all.Go(func() {
			for range turns {
				a := h.Do(root, "PATCH", fmt.Sprint("/people/VICTIM", n%victims), `{"password": "`+fresh+`"}`)
				if a.StatusCode == http.StatusServiceUnavailable && a.Header.Get("Retry-After") == "" {
					t.Error("503 without Retry-After")
				}
				mu.Lock()
				statuses[a.StatusCode]++
				mu.Unlock()
			}
		})
	}
	for n := range victims {
		account := h.Enrol(fmt.Sprint("NEW", n), "end_user")
		h.DoWith(account, "GET", "/login", "", "X-Forwarded-For", fmt.Sprint("198.51.100.", n)).Want(t, http.StatusOK)
	}
	all.Wait()
	if statuses[http.StatusOK] == 0 || statuses[http.StatusServiceUnavailable] == 0 || len(statuses) != 2 {
		t.Errorf("the new passwords: statuses %v", statuses)
	}
}
