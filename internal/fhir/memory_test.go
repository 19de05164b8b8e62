// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package fhir_test

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// liveMemory reads a reply to its end, and gives its bytes, and how much more memory was in use at most while that was
// done.
func (h *hub) liveMemory(path string) (size, most int64) {
	h.T.Helper()
	before := inUse()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // the usual one keeps what it judges
	reply, err := client.Do(h.Request(root, http.MethodGet, path, ""))
	if err != nil {
		h.T.Fatal(err)
	}
	defer reply.Body.Close()

	for {
		n, err := io.CopyN(io.Discard, reply.Body, 4<<20)
		size, most = size+n, max(most, inUse()-before)
		if errors.Is(err, io.EOF) {
			return size, most
		}
		if err != nil {
			h.T.Fatal(err)
		}
	}
}

// inUse is how many bytes of memory are in use, without what is garbage.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// However long a book is, its reader takes no more memory. The test is alone, for all tests have one memory.
func TestALongBookTakesTheMemoryOfAShortOne(t *testing.T) { //nolint:paralleltest // see above
	h := quickHub(t)
	for id, pages := range map[string]int{"SHORT": 1_000, "LONG": 10_000} {
		h.person(id, `{"name": "Ana"}`)
		h.DB.Exec(`INSERT INTO pols (id, book, data) SELECT $1::text || n, $1, jsonb_build_object('id', $1::text || n, 'page_date', '2000-01-01'::date + n,
			'info', repeat('words ', 500), 'measurements', '[{"hr": 70}]'::jsonb) FROM generate_series(1, $2::int) AS n`, id, pages)
	}
	for _, path := range []string{"/fhir/Patient/{person}/$everything", "/fhir/Observation?patient={person}", "/fhir/Patient/{person}/$summary"} {
		t.Run(path, func(t *testing.T) { //nolint:paralleltest // see above
			of := func(person string) string { return strings.ReplaceAll(path, "{person}", person) }
			h.liveMemory(of("SHORT")) // what is kept for all requests
			short, atShort := h.liveMemory(of("SHORT"))
			long, atLong := h.liveMemory(of("LONG"))
			t.Logf("%d bytes take %d, and %d take %d", short, atShort, long, atLong)
			const ids = 10_000 * 100
			if more := long - short; atLong-atShort > more/4+ids {
				t.Errorf("%d bytes take %d, and %d take %d", short, atShort, long, atLong)
			}
		})
	}
}
