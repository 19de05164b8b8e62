// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// searcher is a clerk who looks for people, and leafs through the lists.
type searcher struct {
	soak   *soak
	client *client
	next   string // where the last list goes on, "" if nowhere
}

func (s *searcher) run(ctx context.Context) { s.soak.loop(ctx, s.client.chance, s.step) }

func (s *searcher) step(ctx context.Context) {
	words := []string{"soak", "NameSOAK", "Patient", "nobody of this name", "mistake", "soak 7"}
	path := "/people?limit=20&q=" + url.QueryEscape(words[s.client.chance.IntN(len(words))])
	switch {
	case s.next != "":
		path = s.next
	case s.client.chance.IntN(4) == 0:
		path = "/people?limit=50"
	}

	r, _ := s.client.ask(ctx, get(path), http.StatusOK)
	s.next = nextOf(r)
	if s.client.chance.IntN(3) == 0 { // she has found whom she looked for
		s.next = ""
	}
	persons := personsIn(r.body)
	if len(persons) > 0 {
		s.soak.ledger.read(r, s.client.account, persons...)
	}
}

// nextOf gives the path of the next page of a list.
func nextOf(r reply) string {
	path, _, _ := strings.Cut(strings.TrimPrefix(r.header.Get("Link"), "<"), ">")
	return path
}

// personsIn gives the ids in a list of persons.
func personsIn(list []byte) (ids []string) {
	var rows [][]struct{ ID string }
	_ = json.Unmarshal(list, &rows) // those that are no list have nobody
	for _, row := range rows {
		for _, person := range row {
			ids = append(ids, person.ID)
		}
	}
	return ids
}
