// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

// bombs are bodies of almost 1 MB that are much more when a tree is built of them.
func bombs() map[string]string {
	var keys strings.Builder
	for i := range 90_000 {
		keys.WriteString(`"` + strconv.FormatInt(int64(i), 16) + `":1,`)
	}
	return map[string]string{
		"keys":  `{"id":"bomb",` + keys.String() + `"":1}`,
		"width": `{"id":"bomb","a":[` + strings.Repeat("[],", 325_000) + `[]]}`,
		"bytes": `{"id":"bomb","a":` + strings.Repeat("[", 999) + strings.Repeat("1,", 487_000) + `1` + strings.Repeat("]", 999) + `}`,
	}
}

// Twelve such bodies fit into the budget, so that none waits for its memory.
// Alone, because the tests beside it use memory, too. The bodies are in memory twice,
// in the client and here.
func TestWideBodiesTakeLittleMoreThanTheirBytes(t *testing.T) {
	const budget, most = 16 << 20, 2 * 16 << 20
	defer debug.SetGCPercent(debug.SetGCPercent(10)) // garbage is not what is measured
	h := quickHub(t, func(o *testhub.Options) { o.Memory = budget })
	accounts := [][]string{ana, cameron, root}
	for name, body := range bombs() {
		h.Do(ana, http.MethodGet, "/login", "").Want(t, http.StatusOK)
		before := liveHeap()
		watched, stop := watchHeap()
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				a, err := testhub.Try(h.Request(accounts[i%3], http.MethodPost, "/pols/ESPGNU777ORG/bomb", body))
				if err != nil || a.StatusCode != http.StatusUnprocessableEntity && a.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("%s: status %d, %v", name, a.StatusCode, err)
				}
			})
		}
		all.Wait()
		close(stop)
		if peak := <-watched; peak > before+most {
			t.Errorf("%s: twelve bodies of %d bytes took %d bytes of memory", name, len(body), peak-before)
		}
	}
}

// watchHeap looks for the most memory that is in use, garbage included, until stop is closed.
func watchHeap() (most chan uint64, stop chan struct{}) {
	most, stop = make(chan uint64, 1), make(chan struct{})
	go func() {
		var stats runtime.MemStats
		peak := uint64(0)
		tick := time.NewTicker(2 * time.Millisecond) // a look stops the world
		defer tick.Stop()

		for {
			runtime.ReadMemStats(&stats)
			peak = max(peak, stats.HeapAlloc)
			select {
			case <-stop:
				most <- peak
				return
			case <-tick.C:
			}
		}
	}()
	return most, stop
}
