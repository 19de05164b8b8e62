// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// load imports the persons, and then the pages.
func (x *index) load(ctx context.Context) error {
	if err := x.importRecords(ctx, "import of persons", x.persons, x.person); err != nil {
		return err
	}
	if err := x.importRecords(ctx, "import of pages", x.pages()+largeBook, x.page); err != nil {
		return err
	}
	return x.settle(ctx, "published, and words learned")
}

func (x *index) importRecords(ctx context.Context, label string, count int, line func(*bufio.Writer, int)) error {
	file, err := x.writeFile(count, line)
	if err != nil {
		return err
	}
	defer os.Remove(file) //nolint:errcheck // the directory goes, too
	return x.timeCommand(ctx, label, count, nil, "import", file)
}

// settle waits until a server has given the changes their places in the feed, and
// has learned the words of names, and lets PostgreSQL tidy up.
func (x *index) settle(ctx context.Context, label string) error {
	const q = `SELECT feed.position, learned.position = feed.position AND high >= (SELECT max(seq) FROM thalamus_changes)
		FROM thalamus_feed_state AS feed, thalamus_learned AS learned`
	begun := time.Now()
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	changes := 0
	for learned := false; !learned; time.Sleep(50 * time.Millisecond) {
		if err := x.db.QueryRow(ctx, q).Scan(&changes, &learned); err != nil {
			return err
		}
	}
	seconds := time.Since(begun).Seconds()
	x.add(label, map[string]number{"number": number(changes), "s": number(seconds), "/s": number(float64(changes) / seconds)})
	for _, q := range []string{`VACUUM (ANALYZE)`, `CHECKPOINT`} {
		if _, err := x.db.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// dump exports everything.
func (x *index) dump(ctx context.Context) error {
	return x.timeCommand(ctx, "export", x.persons+x.pages()+largeBook, nil, "export")
}

// timeCommand adds a row of what the program takes for that many records.
func (x *index) timeCommand(ctx context.Context, label string, count int, out io.Writer, verb string, args ...string) error {
	cmd := x.thalamusCommand(verb, "THALAMUS_DATABASE_URL="+x.url)
	cmd.Args = append(cmd.Args, args...)
	cmd.Stdout = out
	before, err := x.postgresCPU(ctx)
	if err != nil {
		return err
	}
	took, peak, err := runToEnd(ctx, cmd)
	if err != nil {
		return fmt.Errorf("thalamus %s: %w", verb, err)
	}
	after, err := x.postgresCPU(ctx)
	if err != nil {
		return err
	}
	cpu := after - before + cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	x.add(label, map[string]number{"number": number(count), "s": number(took.Seconds()), "/s": number(float64(count) / took.Seconds()),
		"peak MiB": number(peak), "CPU µs each": number(float64(cpu.Microseconds()) / float64(count))})
	return nil
}
