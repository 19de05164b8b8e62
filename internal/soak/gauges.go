// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"thalamus/internal/program"
)

// A growth of more than these is a leak.
var (
	growthShare = 1.25                                                           // of the first third
	growthSlack = sample{memory: 16, goroutines: 40, connections: 5, files: 40}  // besides
	restSlack   = sample{memory: 100, goroutines: 30, connections: 9, files: 20} // at rest: the pool may be full, and memories have filled
)

const (
	gaugeEvery  = time.Second
	settleLimit = 30 * time.Second
)

// sample is the things that must not grow: memory in MB, and connections to the database of
// both hubs; the others are of the steady hub.
type sample struct{ memory, goroutines, connections, files float64 }

// gauges look at the steady hub.
type gauges struct {
	site          *site
	during        []sample
	before, after sample // at rest
}

// watch takes samples until ctx ends. Those that cannot be taken while something is away are
// left out.
func (g *gauges) watch(ctx context.Context) {
	for ctx.Err() == nil {
		s, err := g.take(ctx)
		if err == nil {
			g.during = append(g.during, s)
		}
		pause(ctx, gaugeEvery)
	}
}

func (g *gauges) take(ctx context.Context) (s sample, err error) {
	process := g.site.steady.running.Process
	s.memory, _ = program.Memory(process)
	files, err := program.Files(process)
	if err != nil {
		return s, err
	}
	s.files = float64(files)
	s.goroutines, err = g.goroutines(ctx)
	if err != nil {
		return s, err
	}

	db, err := g.site.connect(ctx)
	if err != nil {
		return s, err
	}
	defer func() { _ = db.Close(ctx) }() // nothing is lost with it
	err = db.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`).Scan(&s.connections)
	return s, err
}

var goroutinesLine = regexp.MustCompile(`(?m)^go_goroutines (\S+)$`)

// goroutines asks the hub's metrics.
func (g *gauges) goroutines(ctx context.Context) (float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+g.site.steady.admin+"/metrics", http.NoBody)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()

	text, err := io.ReadAll(answer.Body)
	found := goroutinesLine.FindSubmatch(text)
	if err != nil || found == nil {
		return 0, fmt.Errorf("there is no number of goroutines in the metrics: %w", err)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// rest waits until nothing changes any more, and takes a sample of that.
func (g *gauges) rest(ctx context.Context, into *sample) {
	last, same := sample{}, 0
	for end := time.Now().Add(settleLimit); same < 3 && time.Now().Before(end); {
		pause(ctx, gaugeEvery)
		now, err := g.take(ctx)
		same++
		if err != nil || now.goroutines != last.goroutines || now.files != last.files || now.connections != last.connections {
			same = 0
		}
		last = now
	}
	*into = last
}

// thirds gives the middle of the samples in the first and in the last third of the time. The
// first tenth does not count: memories fill.
func (g *gauges) thirds() (first, last sample) {
	settled := g.during[len(g.during)/10:]
	third := (len(settled) + 2) / 3
	return middle(settled[:third]), middle(settled[len(settled)-third:])
}

// middle is the median of each of the values.
func middle(of []sample) (m sample) {
	median := func(value func(sample) float64) float64 {
		var all []float64
		for _, s := range of {
			all = append(all, value(s))
		}
		slices.Sort(all)
		if len(all) == 0 {
			return math.NaN()
		}
		return all[len(all)/2]
	}
	m.memory = median(func(s sample) float64 { return s.memory })
	m.goroutines = median(func(s sample) float64 { return s.goroutines })
	m.connections = median(func(s sample) float64 { return s.connections })
	m.files = median(func(s sample) float64 { return s.files })
	return m
}

// judge looks for what has grown.
func (g *gauges) judge(faults *faults) {
	first, last := g.thirds()
	for _, pair := range []struct {
		when           string
		was, is, slack sample
		share          float64
	}{
		{"from the first third to the last", first, last, growthSlack, growthShare},
		{"at rest", g.before, g.after, restSlack, 1},
	} {
		grown := func(name string, was, is, slack float64) {
			if !(is <= was*pair.share+slack) { // nor may it be unknown
				faults.add("the %s grew %s: %.0f, then %.0f", name, pair.when, was, is)
			}
		}
		grown("memory in MB", pair.was.memory, pair.is.memory, pair.slack.memory)
		grown("number of goroutines", pair.was.goroutines, pair.is.goroutines, pair.slack.goroutines)
		grown("number of connections", pair.was.connections, pair.is.connections, pair.slack.connections)
		grown("number of open files", pair.was.files, pair.is.files, pair.slack.files)
	}
}
