// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"thalamus/internal/program"
	"thalamus/internal/task"
)

// largeBook is how many pages one of the persons has besides her five.
const largeBook = 10_000

// pageCount is how many pages there are.
func (o options) pageCount() int { return 5*o.persons + largeBook }

// load imports the persons, and then the pages.
func (x *index) load(ctx context.Context) error {
	err := x.importRecords(ctx, "Import/of=persons", x.persons, func(n int) []byte { return x.source.Person(n).Record() })
	if err != nil {
		return err
	}
	err = x.importRecords(ctx, "Import/of=pages", x.pageCount(), x.page)
	if err != nil {
		return err
	}
	return x.publish(ctx, "Publish")
}

// export writes everything to nowhere, and then as files of FHIR, which is counted by persons with their pages.
func (x *index) export(ctx context.Context) error {
	err := x.command(ctx, "Export", x.persons+x.pageCount(), nil, "export")
	if err != nil {
		return err
	}
	return x.command(ctx, "Export/as=fhir", x.persons, nil, "export", "--fhir", filepath.Join(x.temp, "fhir"))
}

// importRecords imports that many lines from a file.
func (x *index) importRecords(ctx context.Context, name string, count int, record func(n int) []byte) error {
	path := filepath.Join(x.temp, "records")
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}

	out := bufio.NewWriterSize(file, 256<<10)
	for n := range count {
		_, _ = out.Write(append(record(n), '\n')) // Flush has the error
	}
	err = out.Flush()
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	err = file.Close()
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}

	return x.command(ctx, name, count, nil, "import", path)
}

var firstDay = time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC)

// page gives pages that come in no order of their persons, and then those of the
// first person's large book. Their dates are of ten thousand days.
func (x *index) page(n int) []byte {
	owner := 0
	if n < 5*x.persons {
		owner = n * 7_919 % x.persons
	}

	date := firstDay.AddDate(0, 0, n%10_000).Format(time.DateOnly) + "T08:00:00.000000"
	return []byte(strings.ReplaceAll(page(x.source.Person(owner).ID, pageID()), noDate, date))
}

// publish times how long a server takes to settle.
func (x *index) publish(ctx context.Context, name string) error {
	begun := time.Now()
	_, err := x.serve(ctx)
	if err != nil {
		return err
	}
	changes, err := settle(ctx, x.db)
	if err != nil {
		return err
	}

	x.line("Index/"+name, changes, perOp(time.Since(begun), changes))
	return nil
}

// settle waits until a server has given the changes their places in the feed, and
// has learned the words of names, and lets PostgreSQL tidy up.
func settle(ctx context.Context, db database) (changes int, err error) {
	const q = `SELECT feed.position, learned.position = feed.position AND high >= (SELECT max(seq) FROM thalamus_changes)
		FROM thalamus_feed_state AS feed, thalamus_learned AS learned`
	for learned := false; !learned; time.Sleep(50 * time.Millisecond) {
		err := db.QueryRow(ctx, q).Scan(&changes, &learned)
		if err != nil {
			return 0, err
		}
	}

	for _, q := range []string{`VACUUM (ANALYZE)`, `CHECKPOINT`} {
		_, err := db.Exec(ctx, q)
		if err != nil {
			return 0, err
		}
	}
	return changes, nil
}

// command writes the line of a command that handles that many records: its time,
// its own processor time and the most memory that it was seen to have.
func (x *index) command(ctx context.Context, name string, count int, out io.Writer, verb string, args ...string) error {
	cmd := program.Command(ctx, x.thalamus, x.db.url, verb, args...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &log
	begun := time.Now()
	err := cmd.Start()
	if err != nil {
		return fmt.Errorf("thalamus %s: %w", verb, err)
	}

	peak := watchMemory(cmd.Process)
	err = cmd.Wait()
	took := time.Since(begun)
	if err != nil {
		return fmt.Errorf("thalamus %s: %w: %s", verb, err, program.LastPart(log.Bytes()))
	}

	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	x.line("Index/"+name, count, perOp(took, count), metric{float64(cpu) / float64(count), "cpu-ns"}, metric{peak(), "peak-MB"})
	return nil
}

// watchMemory looks at a process again and again until stop gives the peak.
func watchMemory(p *os.Process) (stop func() float64) {
	highest := 0.0
	watching := task.Start(context.Background(), func(ctx context.Context) {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				_, peak := program.Memory(p)
				highest = max(highest, peak)
			}
		}
	})
	return func() float64 {
		watching.Stop()
		return highest
	}
}
