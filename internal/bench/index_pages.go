// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"io"
	"regexp"
	"time"
)

// pages follows the links through the list of persons and through a book, from the
// first page to the last; each round is a part of the way.
func (x *index) pages(ctx context.Context) error {
	s, err := x.serve(ctx)
	if err != nil {
		return err
	}

	book := "/pols/" + x.source.Person(0).ID + "?limit=100&order="
	for _, way := range []struct{ name, first string }{
		{"PageOfPersons", "/people?limit=100"}, {"PageOfBook/order=asc", book + "asc"}, {"PageOfBook/order=desc", book + "desc"},
	} {
		took, err := s.walk(ctx, way.first)
		if err != nil {
			return err
		}
		for _, part := range inRounds(x.options, took) {
			x.line("Index/"+way.name, len(part), times(part)...)
		}
	}
	return nil
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// walk follows the links to the next page, and gives the time of each page.
func (c *client) walk(ctx context.Context, path string) (took []time.Duration, err error) {
	for path != "" {
		begun := time.Now()
		header, err := c.read(ctx, get(path), io.Discard)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))

		path = ""
		link := nextLink.FindStringSubmatch(header.Get("Link"))
		if link != nil {
			path = link[1]
		}
	}
	return took, nil
}
