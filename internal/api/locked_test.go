// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/testhub"
)

// Readers of a locked table have all connections, one after another.
func TestReadersWhoWaitForALockAreToldToComeAgain(t *testing.T) {
	t.Parallel()
	db := testhub.QuickFixture.New(t)
	bounded, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: 8, LockTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bounded.Close)
	h := serve(t, db, "../../etc/roles.cfg", testhub.Cheap, func(o *testhub.Options) { o.Store = bounded })
	h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)
	end := h.DB.Hold(`LOCK TABLE pols, personal_docs, dus, institutions, thalamus_links, thalamus_changes IN ACCESS EXCLUSIVE MODE`)
	var readers sync.WaitGroup
	for _, path := range []string{
		"/pols/" + ana[0], "/pols/" + ana[0] + "?limit=5", "/pols/" + ana[0] + "/" + birthPage, "/personal_docs/" + ana[0], "/institutions",
		"/domiciliary-units", "/people/" + ana[0] + "/links", "/people/" + ana[0] + "/history", "/changes?wait=30s",
	} {
		for range 4 {
			readers.Go(func() {
				a, err := testhub.Try(h.Request(root, "GET", path, ""))
				if err != nil || a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
					t.Errorf("%s: %v %v", path, a.Response, err)
				}
			})
		}
	}
	readers.Wait()
	h.Do(root, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	end("COMMIT")
	h.Do(root, "GET", "/pols/"+ana[0], "").Want(t, http.StatusOK)
}
