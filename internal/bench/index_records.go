// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// largeBook is how many pages one of the persons has besides her five.
const largeBook = 10_000

// writeFile makes a file of lines.
func (x *index) writeFile(count int, line func(out *bufio.Writer, n int)) (path string, err error) {
	path = filepath.Join(x.temp, "records")
	file, err := os.Create(path) //nolint:gosec // in our own directory
	if err != nil {
		return "", fmt.Errorf("write records: %w", err)
	}
	out := bufio.NewWriterSize(file, 256<<10)
	for n := range count {
		line(out, n)
		_ = out.WriteByte('\n') // Flush tells what failed
	}
	if err := out.Flush(); err != nil {
		return "", fmt.Errorf("write records: %w", err)
	}
	return path, file.Close()
}

func (x *index) person(out *bufio.Writer, n int) { _, _ = out.Write(x.source.Person(n).Record()) }

// duplicate writes another record of the person with ten times that number.
func (x *index) duplicate(out *bufio.Writer, n int) {
	again, _ := x.source.Again(10 * n)
	_, _ = out.Write(again.Record())
}

// page writes pages that come in no order of their persons, and then those of the
// first person's large book.
func (x *index) page(out *bufio.Writer, n int) {
	owner := 0
	if n < x.pages() {
		owner = int(int64(n) * 7_919 % int64(x.persons))
	}
	pageOf(out, x.source.Person(owner).ID, n)
}

const noDate = "2024-05-01T10:11:12.123456"

var firstDay = time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC)

// pageOf writes a page of a book; the nth date is one of ten thousand days.
func pageOf(out io.Writer, book string, n int) {
	id := newUUID()
	date := firstDay.AddDate(0, 0, n%10_000).Format(time.DateOnly) + "T08:00:00.000000"
	_, _ = strings.NewReplacer(noBook, book, noPage, string(id[:]), noDate, date).WriteString(out, pageText)
}
