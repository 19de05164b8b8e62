// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

const pageSize = 100

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// page reads a page of a collection, and gives where the next one begins, "" for
// the last.
func (g *guest) page(path string) (after string, err error) {
	q := g.who.get(path)
	reply, err := g.send(q)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return "", fmt.Errorf("GET %s: %w", path, statusError(reply.StatusCode))
	}
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		return "", fmt.Errorf("read a page: %w", err)
	}
	link := nextLink.FindStringSubmatch(reply.Header.Get("Link"))
	if link == nil {
		return "", nil
	}
	next, err := url.Parse(link[1])
	if err != nil {
		return "", fmt.Errorf("read the link to the next page: %w", err)
	}
	return next.Query().Get("after"), nil
}

// walk goes through a collection and gives where its pages begin, but for the first.
func (g *guest) walk(path string, limit int) (places []string, err error) {
	path += fmt.Sprintf("limit=%d", limit)
	after, err := g.page(path)
	for ; after != "" && err == nil; after, err = g.page(path + "&after=" + url.QueryEscape(after)) {
		places = append(places, after)
	}
	return places, err
}

// timePage gives the ms of one page.
func (g *guest) timePage(path, after string) (float64, error) {
	path += fmt.Sprintf("limit=%d", pageSize)
	if after != "" {
		path += "&after=" + url.QueryEscape(after)
	}
	begun := time.Now()
	_, err := g.page(path)
	return millis(time.Since(begun)), err
}

// listPages reads pages from anywhere in the list of persons.
func (x *index) listPages(ctx context.Context) error {
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	begun := time.Now()
	places, err := g.walk("/people?", 1000)
	if err != nil {
		return err
	}
	seconds := time.Since(begun).Seconds()
	x.add("the list in pages of 1000", map[string]number{"number": number(x.persons), "s": number(seconds), "/s": number(float64(x.persons) / seconds)})
	if len(places) == 0 {
		return fmt.Errorf("there is one page of persons only")
	}
	var took []float64
	for range x.searches {
		ms, err := g.timePage("/people?", places[rand.IntN(len(places))]) //nolint:gosec // anywhere
		if err != nil {
			return err
		}
		took = append(took, ms)
	}
	x.addTimes("page of 100 persons, anywhere", took, nil)
	return nil
}

// bookPages reads pages from the start, the middle and the end of the large book.
func (x *index) bookPages(ctx context.Context) error {
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	for _, order := range []string{"asc", "desc"} {
		path := "/pols/" + x.source.Person(0).ID + "?order=" + order + "&"
		places, err := g.walk(path, pageSize)
		if err != nil {
			return err
		}
		last := len(places) - 1
		if last < 2 {
			return fmt.Errorf("the large book has %d pages of %d", last+2, pageSize)
		}
		at := []string{places[0], places[last/2], places[last-1]}
		var took [3][]float64
		for range max(20, x.searches/10) {
			for i, after := range at {
				ms, err := g.timePage(path, after)
				if err != nil {
					return err
				}
				took[i] = append(took[i], ms)
			}
		}
		for i, where := range []string{"start", "middle", "end"} {
			x.addTimes(fmt.Sprintf("100 pages at the %s of 10,000, %s", where, order), took[i],
				map[string]number{"ratio": number(median(took[0]) / median(took[i]))})
		}
	}
	return nil
}

// list reads everybody, beside COPY.
func (x *index) list(ctx context.Context) error {
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	ours, copied, err := g.listBesideCopy(x.db, x.rounds)
	if err != nil {
		return err
	}
	_, peak, err := g.server.memory()
	persons, seconds, floor := float64(x.persons), median(ours.seconds), median(copied.seconds)
	x.add("GET /people", map[string]number{"number": number(x.persons), "s": number(seconds), "/s": number(persons / seconds),
		"ratio": number(floor / seconds), "peak MiB": number(peak)})
	x.add("COPY", map[string]number{"number": number(x.persons), "s": number(floor), "/s": number(persons / floor)})
	return err
}
