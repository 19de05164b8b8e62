// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// How many actors there are of each kind.
const (
	phones    = 8
	nodes     = 2
	visitors  = 2
	uploaders = 2
	slow      = 2
	followers = 4 // of everybody
)

// actor is somebody who uses the hubs until ctx ends. What was begun by then is brought to its
// end.
type actor interface{ run(ctx context.Context) }

// cast makes the actors and the followers, and the accounts of those who are there from the
// beginning.
func (s *soak) cast(ctx context.Context) (actors []actor, err error) {
	known := &directory{}
	for n := range phones {
		actors = append(actors, &phone{soak: s, known: known, chance: s.chance("phone", n), number: n})
	}
	actors = append(actors, &registry{soak: s, client: s.newClient(rootAccount)}, &guesser{soak: s, known: known})
	actors = append(actors, s.castProfessionals(ctx, known)...)
	actors = append(actors, s.castCitizens(ctx)...)
	for n := range followers {
		s.followers = append(s.followers, s.newFollower(s.register(ctx, professional, "SOAKFOLLOW%d", n), "", n%2 == 0))
	}

	if s.faults.count > 0 {
		return nil, errors.New("the accounts could not be made")
	}
	return actors, nil
}

// castProfessionals makes the actors who read about others.
func (s *soak) castProfessionals(ctx context.Context, known *directory) (actors []actor) {
	for n := range nodes {
		actors = append(actors, &node{soak: s, client: s.register(ctx, professional, "SOAKNODE%d", n), known: known})
	}
	for n := range slow {
		actors = append(actors, &slowReader{soak: s, client: s.register(ctx, professional, "SOAKSLOW%d", n)})
	}
	return append(actors, &searcher{soak: s, client: s.register(ctx, professional, "SOAKSEARCH")},
		&fhirReader{soak: s, client: s.register(ctx, professional, "SOAKFHIR"), known: known})
}

// castCitizens makes the actors who have a book of their own, some with a follower of it.
func (s *soak) castCitizens(ctx context.Context) (actors []actor) {
	for n := range uploaders {
		actors = append(actors, &uploader{soak: s, client: s.register(ctx, citizen, "SOAKSCAN%d", n), reader: s.register(ctx, professional, "SOAKDOCTOR%d", n)})
	}
	for n := range visitors {
		c := s.register(ctx, citizen, "SOAKVISIT%d", n)
		actors = append(actors, &visitor{soak: s, client: c})
		s.followers = append(s.followers, s.newFollower(s.newClient(c.account), c.account, n == 0))
	}
	return actors
}

// The roles of accounts.
const (
	citizen      = "end_user"
	professional = "health_professional"
)

// register makes a person who can log in, and gives a client of that account.
func (s *soak) register(ctx context.Context, role, format string, number ...any) *client {
	id, registrar := fmt.Sprintf(format, number...), s.newClient(rootAccount)
	person := content{"id": id, "name": "Name" + id, "lastname": "Soak", "gender": "f", "dob": "1990-10-04", "roles": []any{role}}
	r, _ := registrar.ask(ctx, request{http.MethodPost, "/people/" + id, person.with(content{"password": password}).json(), nil},
		http.StatusCreated, http.StatusOK)
	if r.ok() {
		s.ledger.note(key{"person", id}, id, "create", person)
	}

	registrar.CloseIdleConnections()
	return s.newClient(id)
}

// chance is that of one of its name, as the seed gives it.
func (s *soak) chance(name string, number int) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, hash(fmt.Sprint(name, number))))
}

// loop takes one step after another, with pauses between them.
func (s *soak) loop(ctx context.Context, chance *rand.Rand, step func(context.Context)) {
	for ctx.Err() == nil {
		step(ctx)
		pause(ctx, time.Duration(chance.Int64N(int64(2*s.pause))))
	}
}

// directory is the books that others may look into.
type directory struct {
	mu    sync.Mutex
	books []string // ids of persons
}

func (d *directory) add(person string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.books = append(d.books, person)
}

// pick gives anybody; "": nobody is there yet.
func (d *directory) pick(chance *rand.Rand) string {
	d.mu.Lock()
	defer d.mu.Unlock()

	if len(d.books) == 0 {
		return ""
	}
	return d.books[chance.IntN(len(d.books))]
}

// uuid makes an id of a page, as clients do.
func uuid(chance *rand.Rand) string {
	a, b := chance.Uint64(), chance.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffff_ffff_ffff)
}
