// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"time"
)

// screens times what a professional waits for in a browser: the list that a search shows, in each way
// to search, and a person's head, whose duplicates are looked for each time.
func (x *index) screens(ctx context.Context) error {
	s, err := x.serve(ctx)
	if err != nil {
		return err
	}
	visit, err := s.signIn(ctx, node)
	if err != nil {
		return err
	}

	for _, w := range wordings {
		var paths []string
		for _, one := range x.someSearches(w) {
			paths = append(paths, "/portal/people?"+one.query)
		}
		err := x.openAll(ctx, visit, "Index/Portal/People/"+w.name, paths)
		if err != nil {
			return err
		}
	}

	var heads []string
	for n := range x.searches {
		heads = append(heads, "/portal/people/"+x.source.Person(n*7_919%x.persons).ID)
	}
	return x.openAll(ctx, visit, "Index/Portal/Person", heads)
}

// openAll times one page after another.
func (x *index) openAll(ctx context.Context, visit *visit, name string, paths []string) error {
	for _, round := range inRounds(x.options, paths) {
		took := make([]time.Duration, len(round))
		for i, path := range round {
			begun := time.Now()
			_, err := visit.open(ctx, path)
			if err != nil {
				return err
			}
			took[i] = time.Since(begun)
		}
		x.line(name, len(round), times(took)...)
	}
	return nil
}
