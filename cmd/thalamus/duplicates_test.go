// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// newTwice is a database with two hundred persons, each of whom is there twice.
func newTwice(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT kind || n, jsonb_build_object('id', kind || n,
			'name', 'Name' || md5(n::text), 'lastname', 'Lastname' || md5('x' || n), 'dob', (date '1950-01-01' + n * 50)::text)
		FROM generate_series(1, 200) AS n, unnest('{A,B}'::text[]) AS kind`)
	return db
}

func TestDuplicatesAreListed(t *testing.T) {
	t.Parallel()
	db := newTwice(t)
	code, out := here(t, "", moving(db), "duplicates")
	one := regexp.MustCompile(`(?m)^{"person":"A7","other":"B7","score":0.99\d\d,"parts":{"names":1.00,"birth":1.00,"gender":null,"household":null}}$`)
	if code != 0 || strings.Count(out, "\n") != 201 || !one.MatchString(out) || !strings.HasSuffix(out, "200 pairs\n") {
		t.Error(code, out)
	}
	if code, out := here(t, "", moving(db), "duplicates", "--after", "elsewhere"); code != 2 || !strings.Contains(out, "--after") {
		t.Error(code, out)
	}
}

// With --queue the pairs come into the queue, and nothing is listed.
func TestDuplicatesComeIntoTheQueue(t *testing.T) {
	t.Parallel()
	db := newTwice(t)
	for range 2 {
		code, out := here(t, "", moving(db), "duplicates", "--queue")
		if code != 0 || strings.Contains(out, "{") || !strings.HasSuffix(out, "200 pairs in the queue\n") {
			t.Error(code, out)
		}
	}
	if got := db.Text(`SELECT count(*)::text FROM thalamus_duplicates WHERE person = 'A' || substr(other, 2) AND doubt < 0.01`); got != "200" {
		t.Errorf("the queue has %s pairs", got)
	}
	if code, out := here(t, "", moving(db), "duplicates", "--queue", "--after", "x"); code != 2 || !strings.Contains(out, "--after") {
		t.Error(code, out)
	}
}

// interrupting is an output that interrupts who writes to it.
type interrupting struct {
	bytes.Buffer
	interrupt func()
	err       error
}

func (w *interrupting) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	w.interrupt()
	return w.Buffer.Write(p)
}

func TestAListOfDuplicatesGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	db := newTwice(t)
	var all []string
	args := []string{"duplicates"}
	for code, parts := 1, 0; code != 0; parts++ {
		if parts == 10 {
			t.Fatal("it does not end")
		}
		ctx, cancel := context.WithCancel(t.Context())
		out, told := &interrupting{interrupt: cancel}, bytes.Buffer{}
		code = status(run(ctx, args, environment{stdout: out, stderr: &told, environ: moving(db)}), &told)
		all = append(all, strings.Split(strings.TrimSpace(out.String()), "\n")...)
		_, place, again := strings.Cut(strings.TrimSpace(told.String()), "to go on: thalamus duplicates ")
		if again == (code == 0) {
			t.Fatal(code, told.String())
		}
		args = append(args[:1], strings.Fields(place)...)
	}
	all = slices.DeleteFunc(all, func(line string) bool { return line == "" })
	slices.Sort(all)
	if len(all) != 200 || len(slices.Compact(all)) != 200 {
		t.Errorf("%d pairs", len(all))
	}
}

func TestAnOutputThatTakesNoDuplicatesEndsTheList(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	out := &interrupting{err: errors.New("full")}
	code := status(run(t.Context(), []string{"duplicates"}, environment{stdout: out, stderr: &told, environ: moving(newTwice(t))}), &told)
	if code != 1 || !strings.Contains(told.String(), "full; nothing is listed yet") {
		t.Error(code, told.String())
	}
}
