// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/program"
	"thalamus/internal/synth"
)

// serverOf is the client's side of a handler.
func serverOf(t *testing.T, handler http.HandlerFunc) *server {
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	here := &program.Program{Process: &os.Process{Pid: os.Getpid()}}
	return &server{client: newClient(strings.TrimPrefix(s.URL, "http://")), Program: here}
}

func TestALoadCountsEveryReplyAndEndsWithTheFirstRefusal(t *testing.T) {
	s := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		account, secret, _ := r.BasicAuth()
		if account != node || secret != password || r.URL.Path != "/good" {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	good := func(int) request { return get("/good") }
	got, err := s.load(t.Context(), good, 20*time.Millisecond)
	if err != nil || len(got.took) < connections || got.elapsed < 20*time.Millisecond {
		t.Errorf("got %d in %v, %v", len(got.took), got.elapsed, err)
	}

	half := func(n int) request { return get([]string{"/good", "/bad"}[n%2]) }
	_, err = s.load(t.Context(), half, 5*time.Second)
	if err == nil || err.Error() != "GET /bad: status 404" {
		t.Errorf("got %v", err)
	}
}

func TestALineIsInGosBenchmarkFormat(t *testing.T) {
	var out bytes.Buffer
	b := &bench{report: report{out: &out}}
	b.compare("Person", []side{{name: "thalamus"}, {name: "floor"}}, []sample{
		{[]time.Duration{1000, 2000, 3000, 4000}, 8000, 2000}, {[]time.Duration{1000, 1000}, 2000, 500},
	})
	want := strings.ReplaceAll(`BenchmarkPerson/server=thalamus-N 4 2000 ns/op 500000 req/s 500 cpu-ns/op 2000 p50-ns 4000 p95-ns 4000 p99-ns 50.000 %-of-floor 200 cpu-%-of-floor
BenchmarkPerson/server=floor-N 2 1000 ns/op 1000000 req/s 250 cpu-ns/op 1000 p50-ns 1000 p95-ns 1000 p99-ns
`, "-N", fmt.Sprintf("-%d", runtime.GOMAXPROCS(0)))
	var lines string
	for line := range strings.Lines(out.String()) {
		lines += strings.Join(strings.Fields(line), " ") + "\n"
	}
	if lines != want {
		t.Errorf("got\n%s", lines)
	}
}

func TestAQuantileIsTheLeastThatTheShareDoesNotExceed(t *testing.T) {
	took := []time.Duration{4, 1, 3, 2}
	for q, want := range map[float64]float64{0: 1, 0.25: 1, 0.26: 2, 0.5: 2, 0.99: 4, 1: 4} {
		got := quantile(took, q)
		if got != want {
			t.Errorf("%g is %g, want %g", q, got, want)
		}
	}
}

func TestRoundsHoldEverythingInItsOrder(t *testing.T) {
	for _, tt := range []struct {
		of   int
		want string
	}{{6, "[[0 1] [2 3] [4 5]]"}, {7, "[[0 1 2] [3 4 5] [6]]"}, {2, "[[0] [1]]"}, {0, "[]"}} {
		all := make([]int, tt.of)
		for i := range all {
			all[i] = i
		}
		got := fmt.Sprint(inRounds(options{count: 3}, all))
		if got != tt.want {
			t.Errorf("of %d: got %s", tt.of, got)
		}
	}
}

func TestANewPageIsOfItsBookAndHasItsOwnID(t *testing.T) {
	ids := map[string]bool{}
	for n := range 2 * books {
		q := postPage(n)
		var page struct{ ID, Book, Page string }
		err := json.Unmarshal([]byte(q.body), &page)
		if err != nil {
			t.Fatal(err)
		}
		if q.path != "/pols/"+owner(n)+"/"+page.ID || page.Book != owner(n) || page.Page != page.ID || len(page.ID) != len(noPage) {
			t.Errorf("got %+v", q)
		}
		ids[page.ID] = true
	}
	if len(ids) != 2*books {
		t.Errorf("got %d ids", len(ids))
	}
}

func TestAPairIsRightWhicheverRecordComesFirst(t *testing.T) {
	all, found, err := countPairs(strings.NewReader(`{"person":"SYN1PMI","other":"SYN1DUP","score":0.99}
{"person":"SYN2DUP","other":"SYN2PMI"}
{"person":"SYN3PMI","other":"SYN4DUP"}
{"person":"SYN5PMI","other":"SYN5PMI"}
`))
	if err != nil || all != 4 || len(found) != 2 || !found["SYN1DUP"] || !found["SYN2DUP"] {
		t.Errorf("got %d, %v, %v", all, found, err)
	}
}

func TestAWalkFollowsTheLinksToTheLastPage(t *testing.T) {
	next := map[string]string{"": "x", "x": "%26%3D", "&=": "y"}
	s := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		after, more := next[r.URL.Query().Get("after")]
		if more {
			w.Header().Set("Link", `</list?limit=2&after=`+after+`>; rel="next"`)
		}
	})
	took, err := s.walk(t.Context(), "/list?limit=2")
	if err != nil || len(took) != 4 {
		t.Errorf("got %v, %v", took, err)
	}
}

// Of eleven persons the first ten score 0.9, and those of the same day do, too.
func TestASearchServesWellIfTheTenthIsNoBetter(t *testing.T) {
	var found []scored
	for n := range 11 {
		one := scored{Score: 0.9}
		one.Person.ID = fmt.Sprint(n)
		found = append(found, one)
	}
	s := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		list := [][1]scored{}
		for _, one := range found {
			list = append(list, [1]scored{one})
		}
		_ = json.NewEncoder(w).Encode(list)
	})

	for _, tt := range []struct {
		id    string
		tenth float64
		want  bool
	}{{"9", 0.9, true}, {"10", 0.9, true}, {"10", 0.95, true}, {"10", 0.8, false}, {"11", 0.9, false}} {
		t.Run(tt.id, func(t *testing.T) {
			first := slices.Clone(found)
			first[9].Score = tt.tenth
			got, err := s.servedWell(t.Context(), wanted{id: tt.id}, first)
			if got != tt.want || err != nil {
				t.Errorf("%+v: got %v, %v", tt, got, err)
			}
		})
	}
}

func TestImportedPagesAreOfEverybodyAndOfTheLargeBook(t *testing.T) {
	x := index{bench: &bench{options: options{persons: 20}}, source: synth.New(1)}
	books := map[string]int{}
	for n := range x.pageCount() {
		var page struct{ ID, Book string }
		line := x.page(n)
		err := json.Unmarshal(line, &page)
		if err != nil || bytes.Contains(line, []byte("\n")) || len(page.ID) != len(noPage) {
			t.Fatalf("got %s, %v", line, err)
		}
		books[page.Book]++
	}
	if len(books) != 20 || books[x.source.Person(0).ID] != 5+largeBook || books[x.source.Person(19).ID] != 5 {
		t.Errorf("got %v", books)
	}
}
