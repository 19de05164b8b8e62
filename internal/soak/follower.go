// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"
)

const catchUp = time.Minute // for the rest, after everybody has stopped

// follower reads the feed from the beginning, by polls or by a stream, and goes on from its
// cursor after each loss. Each version of a record must come to it once, and in order.
type follower struct {
	soak    *soak
	client  *client
	person  string // whom it follows; "": everybody
	streams bool
	cursor  string // "": the beginning

	count  int             // changes
	seen   map[key]int     // the version that came last
	newest map[key]content // the data that came last
}

func (s *soak) newFollower(c *client, person string, streams bool) *follower {
	return &follower{soak: s, client: c, person: person, streams: streams, seen: map[key]int{}, newest: map[key]content{}}
}

// feedChange is a change as the feed has it.
type feedChange struct {
	Cursor, Resource, ID, Person, Operation string
	Version                                 int
	Data                                    content
}

// run follows until ctx ends, when all others have stopped, and reads the rest.
func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		if f.streams {
			f.stream(ctx)
			continue
		}
		f.poll(ctx, 5*time.Second)
	}

	for end := time.Now().Add(catchUp); f.count < f.soak.ledger.changed(f.person) && time.Now().Before(end); {
		f.poll(ctx, time.Second)
	}
}

// path asks for the changes behind the cursor.
func (f *follower) path() string {
	path := "/changes?limit=200"
	if f.cursor != "" {
		path += "&since=" + f.cursor
	}
	if f.person != "" {
		path += "&person=" + f.person
	}
	return path
}

// poll reads one page, which may be empty after the wait.
func (f *follower) poll(ctx context.Context, wait time.Duration) {
	r, _ := f.client.ask(ctx, get(fmt.Sprintf("%s&wait=%v", f.path(), wait)), http.StatusOK)
	var page struct {
		Changes []feedChange
		Next    string
	}
	err := json.Unmarshal(r.body, &page)
	if err != nil {
		f.soak.faults.add("a page of the feed is not JSON: %v: %.200s", err, r.body)
		return
	}

	var persons []string
	for _, c := range page.Changes {
		f.take(c)
		if c.Person != "" && c.Person != f.client.account {
			persons = append(persons, c.Person)
		}
	}
	f.cursor = page.Next
	if len(persons) > 0 {
		f.soak.ledger.read(r, f.client.account, persons...)
	}
}

// take takes the next change.
func (f *follower) take(c feedChange) {
	if c.ID == rootAccount {
		return
	}

	k := key{c.Resource, c.ID}
	if c.Version != f.seen[k]+1 {
		f.soak.faults.add("%s follows the feed and got version %d of %v after %d", f.client.account, c.Version, k, f.seen[k])
	}
	f.seen[k], f.newest[k] = c.Version, c.Data
	f.count++
}

// compare makes sure that the follower has all changes that clients were told of, and the
// records as they were left.
func (f *follower) compare(l *ledger, faults *faults) {
	l.mu.Lock()
	defer l.mu.Unlock()

	records := 0
	for k, t := range l.records {
		if f.person != "" && t.person != f.person {
			continue
		}
		records++
		if f.seen[k] != len(t.changes) {
			faults.add("%s follows the feed and has %d changes of %v, not %d", f.client.account, f.seen[k], k, len(t.changes))
		}
		if !same(f.newest[k], t.last()) {
			faults.add("%s follows the feed and has %v altered: %s, not %s", f.client.account, k, f.newest[k].json(), t.last().json())
		}
	}
	if records != len(f.seen) {
		faults.add("%s follows the feed and has changes of %d records, not %d", f.client.account, len(f.seen), records)
	}
}

// same compares two contents as JSON, for one may hold integers of Go.
func same(a, b content) bool {
	var one, other any
	_ = json.Unmarshal([]byte(a.json()), &one) // which it was made from
	_ = json.Unmarshal([]byte(b.json()), &other)
	return reflect.DeepEqual(one, other)
}
