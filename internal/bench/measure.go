// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// section is one part of the measurement. It starts the servers that it needs;
// they are stopped behind it.
type section struct {
	name, about string
	run         func(context.Context, *bench) (table, error)
}

var sections = []section{
	{"rates", "requests a second, beside the floor", measureRates},
	{"first", "first logins after a start", measureFirst},
	{"sync", "a phone that sends 1,000 pages", measureSync},
	{"flood", "good requests while wrong passwords arrive", measureFlood},
	{"attack", "first logins while 10,000 accounts are attacked", measureAttack},
	{"memory", "of the server, at rest and under load", measureMemory},
	{"people", "the list of 100,000 persons, beside COPY", measurePeople},
	{"readers", "good requests while 500 clients read a list slowly", measureReaders},
	{"equal", "failed logins of five kinds, told apart by time", measureEqual},
	{"crowd", "many first logins at once after a start", measureCrowd},
	{"history", "requests with and without history", measureHistory},
	{"feed", "the change feed from the beginning", measureFeed},
	{"streams", "1,000 streams of changes that wait", measureStreams},
	{"index", "search, pages, import and export among -persons persons", measureIndex},
	{"visible", "how soon another server refuses an old password", measureVisible},
}

// measure runs the sections, prints each table when it is there, and writes
// all of them to a file. A section that fails does not stop the others.
func measure(ctx context.Context, o options) (err error) {
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	all := results{Time: time.Now().UTC().Truncate(time.Second), Machine: b.machine, Rounds: o.rounds, Seconds: o.time.Seconds()}
	fmt.Println(all.header())
	var failed error
	for _, s := range sections {
		if len(o.sections) > 0 && !slices.Contains(o.sections, s.name) {
			continue
		}
		t, err := b.runSection(ctx, s)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			failed = errors.Join(failed, err)
		}
		if len(t.Rows) == 0 {
			continue
		}
		all.Tables = append(all.Tables, t)
		fmt.Println(t)
	}
	name, err := all.write(resultsDir)
	if err != nil {
		return err
	}
	fmt.Println("Written to", name+".")
	return failed
}

// runSection runs one section and stops its servers.
func (b *bench) runSection(ctx context.Context, s section) (table, error) {
	fmt.Fprintf(os.Stderr, "... %s\n", s.about)
	defer b.stopChildren()
	t, err := s.run(ctx, b)
	t.Name = s.name
	if err != nil {
		return t, fmt.Errorf("%s: %w", s.name, err)
	}
	return t, nil
}
