// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// entryAt writes a line of the record as it was some minutes after midnight.
func entryAt(minute int, rest string) string {
	at := time.Date(2026, 5, 31, 0, minute, 0, 0, time.UTC)
	return fmt.Sprintf(`{"time":"%s","account":"NURSE","roles":["x"],"method":"GET",%s,"request":"r%d","address":"192.0.2.7"}`,
		at.Format(lineTime), rest, minute) + "\n"
}

const aboutAna = `"endpoint":"person","person":"ANA","status":200`

// writeRecordFile makes a file of a record, compressed if its name says so.
func writeRecordFile(t *testing.T, name, text string) {
	t.Helper()
	if strings.HasSuffix(name, ".gz") {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write([]byte(text)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		text = packed.String()
	}

	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// runQuery reads files, and gives the request and the way of each access.
func runQuery(t *testing.T, q *Query, files ...string) (found string, err error) {
	t.Helper()
	var all []string
	q.Take = func(some []Access) error {
		for _, s := range some {
			all = append(all, s.Request+" "+string(s.Way))
		}
		return nil
	}

	err = q.ReadFiles(files)
	if end := q.Flush(); end != nil {
		t.Error(end)
	}

	return strings.Join(all, ", "), err
}

func TestAQueryFindsReadsOfThePersonListsThatNameItAndReadsOfAll(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "access.jsonl")
	odd := strings.Repeat("Ñ\"\u202e\x00", 100) // lines cut it
	text := ""

	for i, rest := range []string{
		aboutAna,
		`"endpoint":"person","person":"ANA","status":403`,
		`"endpoint":"person","person":"BEA","status":200`,
		`"endpoint":"people","persons":["BEA","ANA"],"status":200`,
		`"endpoint":"people","persons":["BEA","ANABEL","AN"],"status":200`,
		`"endpoint":"people","persons":["BEA\",\"ANA"],"status":200`,
		`"endpoint":"people","persons":[],"status":200`,
		`"endpoint":"people","persons":"all","status":200`,
		`"endpoint":"people","status":403`,
		`"endpoint":"people","status":422`,
		`"endpoint":"people","status":200`,
		`"endpoint":"changes","status":200`,
		`"endpoint":"changes","person":"ANA","status":200`,
		`"endpoint":"links","person":"BEA","persons":["ANA"],"status":200`,
		`"endpoint":"matches","person":"ANA","persons":["BEA"],"status":200`,
		`"endpoint":"person","person":` + string(appendText(nil, odd)) + `,"status":200`,
		`"endpoint":"people","persons":[` + string(appendText(nil, odd)) + `],"status":200`,
	} {
		text += entryAt(i, rest)
	}

	writeRecordFile(t, file, text)
	for _, c := range []struct {
		persons []string
		want    string
	}{
		{[]string{"ANA"}, "r0 asked, r1 asked, r3 listed, r7 all, r12 asked, r13 listed, r14 asked"},
		{[]string{"ana", "ANA"}, "r0 asked, r1 asked, r3 listed, r7 all, r12 asked, r13 listed, r14 asked"},
		{[]string{"BEA"}, "r2 asked, r3 listed, r4 listed, r7 all, r13 asked, r14 listed"},
		{[]string{"NOBODY"}, "r7 all"},
		{[]string{odd}, "r7 all, r15 asked, r16 listed"},
	} {
		q := Query{Persons: c.persons}
		got, err := runQuery(t, &q, file)
		if err != nil || got != c.want || q.Unnamed != 2 || q.Skipped != 0 {
			t.Errorf("%.20q: %d unnamed, %d skipped, %v\ngot  %s\nwant %s", c.persons, q.Unnamed, q.Skipped, err, got, c.want)
		}
	}
}

func TestAQueryLeavesOutWhatIsBeforeItsDay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "access.jsonl")
	writeRecordFile(t, file, entryAt(-1, aboutAna)+entryAt(0, aboutAna))

	q := Query{Persons: []string{"ANA"}, From: time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)}
	if got, err := runQuery(t, &q, file); err != nil || got != "r0 asked" || !q.Began.Equal(q.From.Add(-time.Minute)) {
		t.Errorf("%s, %v; it began at %s", got, err, q.Began)
	}
}

// A torn line is followed by whole ones, and the log may be in the same stream.
func TestBrokenLinesAreCountedAndSkipped(t *testing.T) {
	t.Parallel()
	line := entryAt(1, aboutAna)
	for rest, skipped := range map[string]int{
		line: 0, strings.TrimSuffix(line, "\n"): 0, "": 0, line[:60]: 1, line[:60] + "\n" + line: 1, "\n\n" + line: 2,
		line[:60] + line: 1, "null\n[]\n{}\n7\n" + line: 4, "time=2026 level=INFO msg=request\n" + line: 1,
		`{"time":"2026-05-31T00:00:00Z","level":"INFO","msg":"request","account":"ANA","status":200}` + "\n": 1,
		strings.Repeat("x", 3*maxLineBytes) + "\n" + line:                                                    1,
		strings.Repeat("x", 3*maxLineBytes):                                                                  1,
		`{"time":"` + strings.Repeat("x", maxLineBytes) + "\n" + line[:80] + "\n" + line:                     2,
	} {
		t.Run(rest, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "access.jsonl")
			writeRecordFile(t, file, entryAt(0, aboutAna)+rest)
			want := "r0 asked"

			if strings.HasSuffix(rest, line) && rest != line[:60]+line || rest == strings.TrimSuffix(line, "\n") {
				want += ", r1 asked"
			}

			q := Query{Persons: []string{"ANA"}}
			if got, err := runQuery(t, &q, file); err != nil || got != want || q.Skipped != skipped {
				t.Errorf("%.100q: %s, want %s; %d skipped, want %d; %v", rest, got, want, q.Skipped, skipped, err)
			}
		})
	}
}

func TestRotatedFilesAreReadInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"access.jsonl.11.gz", "access.jsonl.2.gz", "access.jsonl.1", "access.jsonl"},
		{"access.jsonl-20261025.gz", "access.jsonl-20261101.gz", "access.jsonl-20261108", "access.jsonl"},
		{"access.jsonl-2026-10-25.gz", "access.jsonl-2026110113-1793538000.gz", "access.jsonl"},
		{"access.2.jsonl.gz", "access.1.jsonl", "access.jsonl"},
		{"access-20261025.jsonl.gz", "access-20261101.jsonl", "access.jsonl"},
		{"access.jsonl.1.gz"},
	} {
		directory := t.TempDir()
		var want []string
		for i, name := range names {
			writeRecordFile(t, filepath.Join(directory, name), entryAt(i, aboutAna))
			want = append(want, fmt.Sprintf("r%d asked", i))
		}

		for _, other := range []string{"access.jsonl.bak", "access.jsonl~", "access.jsonl.1.gz.tmp", "access.json", "old-access.jsonl", "access-new.jsonl", "thalamus.log.1"} {
			writeRecordFile(t, filepath.Join(directory, other), entryAt(0, aboutAna))
		}

		if err := os.Mkdir(filepath.Join(directory, "access.jsonl.9"), 0o700); err != nil {
			t.Fatal(err)
		}

		files, err := Files(filepath.Join(directory, "access.jsonl"))
		if err != nil {
			t.Fatal(err)
		}

		for i, file := range files {
			if filepath.Base(file) != names[i] {
				t.Errorf("%v: the order is %v", names, files)
				break
			}
		}

		if got, err := runQuery(t, &Query{Persons: []string{"ANA"}}, files...); err != nil || got != strings.Join(want, ", ") {
			t.Errorf("%v: %s, %v", names, got, err)
		}
	}
}

func TestAFileThatIsBeingCompressedIsReadOnce(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	writeRecordFile(t, filepath.Join(directory, "access.jsonl.2"), entryAt(0, aboutAna))
	writeRecordFile(t, filepath.Join(directory, "access.jsonl.2.gz"), entryAt(0, aboutAna))

	files, err := Files(filepath.Join(directory, "access.jsonl"))
	if err != nil || len(files) != 1 || !strings.HasSuffix(files[0], ".2") {
		t.Errorf("%v, %v", files, err)
	}
}

func TestOtherFilesAreReadAfterOneThatCannotBe(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()

	var files []string
	for i, name := range []string{"access.jsonl.4.gz", "access.jsonl.3.xz", "access.jsonl.2.zst", "access.jsonl.1", "access.jsonl"} {
		file := filepath.Join(directory, name)
		writeRecordFile(t, file, strings.Repeat(entryAt(i, aboutAna), 3))
		files = append(files, file)
	}

	packed, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}

	writeRecordFile(t, files[1], "\xfd7zXZ\x00rest")
	writeRecordFile(t, files[2], "\x28\xb5\x2f\xfdrest")
	if err := os.WriteFile(files[0], packed[:len(packed)-12], 0o600); err != nil {
		t.Fatal(err)
	}

	got, err := runQuery(t, &Query{Persons: []string{"ANA"}}, append(files, filepath.Join(directory, "none"))...)
	if want := "r3 asked, r3 asked, r3 asked, r4 asked, r4 asked, r4 asked"; !strings.HasSuffix(got, want) {
		t.Errorf("got %s", got)
	}

	for _, name := range []string{"4.gz", "3.xz", "2.zst", "none"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

// Instances that share a file write a little out of order.
func TestAccessesComeInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	lines := make([]string, 5000)
	for i := range lines {
		lines[i] = entryAt(i, aboutAna)
	}

	for from := 0; from < len(lines); from += reorderWindow / 2 {
		part := lines[from : from+reorderWindow/2]
		rand.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	}

	var times []time.Time
	q := Query{Persons: []string{"ANA"}, Take: func(some []Access) error {
		for _, s := range some {
			times = append(times, s.Time)
		}
		return nil
	}}
	if err := q.Scan(strings.NewReader(strings.Join(lines, ""))); err != nil || q.Flush() != nil {
		t.Error(err)
	}

	if !slices.IsSortedFunc(times, time.Time.Compare) || len(times) != len(lines) {
		t.Errorf("%d of %d, in order: %t", len(times), len(lines), slices.IsSortedFunc(times, time.Time.Compare))
	}
}
