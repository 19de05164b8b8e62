// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/program"
)

// options are those of the command line, with the values that -quick implies.
type options struct {
	count    int           // rounds of each measurement
	time     time.Duration // of one round
	persons  int           // of the section index; five times as many pages
	searches int           // of the same, in each way; a tenth of it on each screen of the portal
	scans    int           // documents of 10 MiB, of the section portal
	pages    []int         // of the section growth, one size after the other
	sections []section
	thalamus string // the program
	old      string // another one, or ""
}

func readOptions(args []string) (options, error) {
	o := options{searches: 1000, scans: 100}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&o.count, "count", 6, "rounds of each measurement")
	flags.DurationVar(&o.time, "time", 2*time.Second, "length of one round")
	flags.StringVar(&o.thalamus, "thalamus", "bin/thalamus", "the program to measure")
	flags.StringVar(&o.old, "old", "", "an older program, whose rates are measured in turns with it")
	flags.IntVar(&o.persons, "persons", 0, "persons of the section index, with five pages each (default 100000; 10000 with -quick)")
	flags.Func("pages", "sizes of the section growth, separated by commas, the smallest first (default 1000000; 50000 with -quick)", o.readPages)
	quick := flags.Bool("quick", false, "a rough look: 2 rounds of 0.5s, fewer searches and documents")
	only := flags.String("only", "", "sections to run, separated by commas:\n"+describeSections())
	err := flags.Parse(args)
	if err != nil {
		return o, err
	}

	usual, pages := 100_000, 1_000_000
	if *quick {
		o.count, o.time, o.searches, o.scans, usual = 2, 500*time.Millisecond, 200, 5, 10_000
		pages = 50_000
	}
	if o.persons == 0 {
		o.persons = usual
	}
	if o.pages == nil {
		o.pages = []int{pages}
	}

	o.sections, err = chooseSections(*only)
	if err != nil {
		return o, err
	}
	return o, o.check(flags.NArg())
}

// readPages reads sizes.
func (o *options) readPages(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		pages, err := strconv.Atoi(part)
		if err != nil || pages < 1 {
			return errors.New("sizes are numbers of pages")
		}
		o.pages = append(o.pages, pages)
	}
	return nil
}

// chooseSections finds sections by their names; without any, it gives all.
func chooseSections(names string) (chosen []section, err error) {
	if names == "" {
		return sections, nil
	}

	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(sections, func(s section) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no section %q; there are\n%s", name, describeSections())
		}
		chosen = append(chosen, sections[i])
	}
	return chosen, nil
}

func (o options) check(words int) error {
	if words > 0 {
		return errors.New("unknown arguments; -help tells what there is")
	}
	if o.count < 1 || o.time <= 0 || o.persons < 1 {
		return errors.New("-count, -time and -persons must be more than zero")
	}

	_, err := os.Stat(program.RolesFile)
	if err != nil {
		return fmt.Errorf("start this at the top of the sources: %w", err)
	}
	_, err = os.Stat(o.thalamus)
	if err != nil {
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
