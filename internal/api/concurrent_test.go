// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"sync"
	"testing"

	"thalamus/internal/testhub"
)

const crowd = 200

// atOnce sends the same request many times at once and counts the statuses.
func (h *hub) atOnce(account []string, method, path, body string) map[int]int {
	h.T.Helper()
	statuses := make([]int, crowd)
	var start, done sync.WaitGroup
	start.Add(1)
	for i := range statuses {
		r := h.Request(account, method, path, body)
		done.Go(func() {
			start.Wait()
			a, err := testhub.Try(r)
			if err != nil {
				h.T.Error(err)
				return
			}
			statuses[i] = a.StatusCode
		})
	}
	start.Done()
	done.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	return count
}

// A phone that loses its replies, or two of them, must not see an error, nor
// leave a page twice.
func TestAPageThatArrivesManyTimesAtOnceIsCreatedOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	got := h.atOnce(other, "POST", "/pols/FRAOTH001EUS/crowd", `{"id":"crowd","book":"FRAOTH001EUS","measurements":[{"hr":70}]}`)
	h.wantOneCreated(got, `SELECT count(*)::text FROM pols WHERE id = 'crowd'`)
}

func TestAPersonWhoArrivesManyTimesAtOnceIsCreatedOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	got := h.atOnce(cameron, "POST", "/people/espcrw000wdx", `{"name":"Crowd","password":"all the same"}`)
	h.wantOneCreated(got, `SELECT count(*)::text FROM people WHERE upper(id) = 'ESPCRW000WDX'`)
	h.Do([]string{"ESPCRW000WDX", "all the same"}, "GET", "/login", "").Want(t, http.StatusOK)
}

func TestAUnitThatArrivesManyTimesAtOnceIsCreatedOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	got := h.atOnce(cameron, "POST", "/domiciliary-units/crowd", `{"city":"Las Palmas"}`)
	h.wantOneCreated(got, `SELECT count(*)::text FROM dus WHERE id = 'crowd'`)
}

func (h *hub) wantOneCreated(statuses map[int]int, count string) {
	h.T.Helper()
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusOK] != crowd-1 {
		h.T.Errorf("statuses: %v, want one 201 and else 200", statuses)
	}
	if n := h.DB.Text(count); n != "1" {
		h.T.Errorf("%s rows", n)
	}
}

// Each merges a key of its own; none may be lost.
func TestPatchesAtOnceAllArrive(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	var done sync.WaitGroup
	keys := "abcdefghijklmnopqrstuvwxyz"
	for _, key := range keys {
		r := h.Request(other, "PATCH", "/people/FRAOTH001EUS", `{"key `+string(key)+`":1}`)
		done.Go(func() {
			if a, err := testhub.Try(r); err != nil || a.StatusCode != http.StatusOK {
				t.Errorf("%v, %v", a.Response, err)
			}
		})
	}
	done.Wait()
	const q = `SELECT count(*)::text FROM people, jsonb_object_keys(data) AS key WHERE id = 'FRAOTH001EUS' AND key LIKE 'key _'`
	if n := h.DB.Text(q); n != "26" {
		t.Errorf("%s keys have arrived, want %d", n, len(keys))
	}
}

func TestAPageThatIsDeletedManyTimesAtOnceIsDeletedOnce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	got := h.atOnce(root, "DELETE", "/pols/ESPGNU777ORG/emptypage", "")
	if got[http.StatusNoContent] != 1 || got[http.StatusNotFound] != crowd-1 {
		t.Errorf("statuses: %v, want one 204 and else 404", got)
	}
}
