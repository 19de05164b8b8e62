// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"thalamus/internal/synth"
)

func TestPairsAreCountedHoweverTheyAreWritten(t *testing.T) {
	const text = `{"person":"SYN1PMI","other":"SYN1DUP","score":0.99}
{"person":"SYN2DUP","other":"SYN2PMI"}
{"person":"SYN3PMI","other":"SYN4DUP"}
{"person":"SYN5PMI","other":"SYN5PMI"}
`
	for size := 1; size < len(text); size += 7 {
		pairs := pairCounter{found: map[string]bool{}}
		for part := range slices.Chunk([]byte(text), size) {
			if n, err := pairs.Write(part); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if pairs.all != 4 || len(pairs.found) != 2 || !pairs.found["SYN2DUP"] {
			t.Errorf("by %d: %+v", size, pairs)
		}
	}
}

// listOf7 has pages as the server's, of which the cursors are not numbers.
func listOf7(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	after := len(strings.TrimSuffix(q.Get("after"), "&="))
	if q.Get("order") != "desc" {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	if next := after + limit; next < 7 {
		w.Header().Set("Link", fmt.Sprintf(`</list?order=desc&limit=%d&after=%s%%26%%3D>; rel="next"`, limit, strings.Repeat("x", next)))
	}
}

func TestAWalkFollowsTheLinks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(listOf7))
	defer server.Close()
	g := guest{client: dial(t.Context(), strings.TrimPrefix(server.URL, "http://"))}
	defer g.close()
	places, err := g.walk("/list?order=desc&", 2)
	if want := []string{"xx&=", "xxxx&=", "xxxxxx&="}; !slices.Equal(places, want) || err != nil {
		t.Errorf("got %q, %v", places, err)
	}
	if _, err := g.walk("/list?", 2); err == nil {
		t.Error("a refusal is taken for a page")
	}
}

// people of whom the first eleven score 0.9, but the last 0.8.
func elevenPeople(w http.ResponseWriter, r *http.Request) {
	var all [][1]scored
	for n := range 11 {
		one := scored{Score: 0.9}
		if n == 10 && r.URL.Query().Get("q") == "low" {
			one.Score = 0.8
		}
		one.Person.ID = fmt.Sprint(n)
		all = append(all, [1]scored{one})
	}
	_ = json.NewEncoder(w).Encode(all)
}

func TestASearchServesWellIfTheTenthIsNoWorse(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(elevenPeople))
	defer server.Close()
	g := guest{client: dial(t.Context(), strings.TrimPrefix(server.URL, "http://"))}
	defer g.close()
	for _, tt := range []struct {
		query, id string
		want      bool
	}{{"low", "9", true}, {"low", "10", true}, {"high", "10", true}, {"high", "11", false}} {
		found, err := g.search("q=" + tt.query)
		if err != nil || len(found) != 11 {
			t.Fatal(found, err)
		}
		if tt.query == "low" && tt.id == "10" { // nine are better than the tenth
			found[9].Score = 0.7
			tt.want = false
		}
		got, err := g.servedWell(searched{synth.Person{ID: tt.id}, "q=" + tt.query, found})
		if got != tt.want || err != nil {
			t.Errorf("%v: got %v, %v", tt, got, err)
		}
	}
}

func TestRecordsAreWholeLines(t *testing.T) {
	x := index{bench: &bench{options: options{persons: 20}}, source: synth.New(1)}
	books := map[string]int{}
	for n := range x.pages() + 3 {
		var line strings.Builder
		out := bufio.NewWriter(&line)
		x.page(out, n)
		_ = out.Flush()
		var page struct{ ID, Book string }
		if err := json.Unmarshal([]byte(line.String()), &page); err != nil || strings.Contains(line.String(), "\n") || len(page.ID) != 36 {
			t.Fatal(line.String(), err)
		}
		books[page.Book]++
	}
	if len(books) != 20 || books[x.source.Person(0).ID] != 8 || books[x.source.Person(19).ID] != 5 {
		t.Errorf("got %v", books)
	}
}
