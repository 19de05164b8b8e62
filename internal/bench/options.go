// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// options is what the command line says, and what follows from -quick.
type options struct {
	rounds   int           // of each measurement; the table has their medians
	time     time.Duration // of one round
	tries    int           // of what is measured one by one
	crowd    int           // accounts that log in at once
	attack   time.Duration // length of the attack
	persons  int           // of the section index; five times as many pages
	searches int           // of the same
	sections []string      // names; empty: all
	thalamus string        // the program
}

const resultsDir = "bench"

func readOptions(args []string) (options, error) {
	o := options{tries: 20, crowd: 200, attack: 40 * time.Second, searches: 1000}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&o.rounds, "rounds", 5, "rounds of each measurement")
	flags.DurationVar(&o.time, "time", 2*time.Second, "length of one round")
	flags.StringVar(&o.thalamus, "thalamus", "bin/thalamus", "the program to measure")
	flags.IntVar(&o.persons, "persons", 0, "persons of the section index, with five pages each (default 100000; 10000 with -quick)")
	quick := flags.Bool("quick", false, "a rough look: 2 rounds of 0.5s, fewer tries")
	only := flags.String("only", "", "sections to run, separated by commas:\n"+describeSections())
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		o.rounds, o.time, o.tries, o.crowd, o.attack = 2, 500*time.Millisecond, 8, 24, 8*time.Second
		o.searches, o.persons = 200, cmp.Or(o.persons, 10_000)
	}
	o.persons = cmp.Or(o.persons, 100_000)
	if *only != "" {
		o.sections = strings.Split(*only, ",")
	}
	return o, o.check(flags.NArg())
}

func (o options) check(words int) error {
	for _, name := range o.sections {
		if !slices.ContainsFunc(sections, func(s section) bool { return s.name == name }) {
			return fmt.Errorf("there is no section %q; there are\n%s", name, describeSections())
		}
	}
	if words > 0 {
		return errors.New("unknown arguments; -help tells what there is")
	}
	if o.rounds < 1 || o.time <= 0 || o.persons < 1 {
		return errors.New("-rounds, -time and -persons must be more than zero")
	}
	if _, err := os.Stat(rolesFile); err != nil {
		return fmt.Errorf("start this at the top of the sources: %w", err)
	}
	if _, err := os.Stat(o.thalamus); err != nil {
		return fmt.Errorf("make build comes first: %w", err)
	}
	return nil
}

func describeSections() string {
	var lines []string
	for _, s := range sections {
		lines = append(lines, fmt.Sprintf("  %-8s %s", s.name, s.about))
	}
	return strings.Join(lines, "\n")
}
