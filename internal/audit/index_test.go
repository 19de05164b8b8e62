// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// indexed is a record in a directory of its own, and the server that copies it.
type indexed struct {
	*Index
	t             *testing.T
	sql           *testdb.DB
	name          string
	log           *bytes.Buffer
	recent, older *follower
	lines         int // that were written, by number
}

func newIndexed(t *testing.T, db *testdb.DB) *indexed {
	t.Helper()
	x := &indexed{t: t, sql: db, name: filepath.Join(t.TempDir(), "access.jsonl")}
	x.restart(db.DB)
	return x
}

// restart is a new process, which opens the record and knows nothing of the one before.
func (x *indexed) restart(db *store.DB) {
	x.t.Helper()
	record, err := Open(x.name, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = record.Close() })

	x.log = &bytes.Buffer{}
	x.Index = NewIndex(record, db, slog.New(slog.NewTextHandler(x.log, nil)))
	x.recent, x.older = x.followers()
}

// write writes lines about ANA of accounts with the next numbers.
func (x *indexed) write(n int) {
	x.t.Helper()
	for range n {
		line := Line{Account: fmt.Sprintf("A%04d", x.lines), Method: "GET", Endpoint: "person", Person: "ANA", Status: 200, Request: fmt.Sprint(x.name, x.lines)}
		if err := line.WriteTo(x.record); err != nil {
			x.t.Fatal(err)
		}
		x.lines++
	}
}

// look has the lines copied that are there now.
func (x *indexed) look() {
	x.t.Helper()
	for _, f := range []*follower{x.recent, x.older} {
		if err := f.look(x.t.Context()); err != nil {
			x.t.Error(err)
		}
	}
}

// wantAll wants each line that was written in the index once.
func (x *indexed) wantAll() {
	x.t.Helper()
	got := x.sql.Text(`SELECT count(*) || ' lines of ' || count(DISTINCT account) FROM thalamus_access WHERE person = 'ANA' AND starts_with(request, $1)`, x.name)
	if want := fmt.Sprintf("%d lines of %d", x.lines, x.lines); got != want {
		x.t.Errorf("the index has %s, want %s; log: %s", got, want, x.log)
	}
}

// eager is a Flow that takes a whole list at once.
type eager struct{ store.Flow }

func (eager) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(needed, store.PieceBytes), nil
}

func TestLinesAreInTheIndexOnceHoweverOftenTheyAreLookedAt(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	x.look()
	for range 3 {
		x.write(2)
		x.look()
		x.look()
		x.wantAll()
	}

	x.restart(x.db)
	x.write(1)
	x.look()
	x.wantAll()
}

func TestALongFileIsCopiedInPieces(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	x.write(3000)
	if info, err := os.Stat(x.name); err != nil || info.Size() < 2*pieceBytes {
		t.Fatalf("the file is too short: %v, %v", info.Size(), err)
	}
	x.look()
	x.wantAll()
}

func TestNoLineIsLostOrDoubledByARotation(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	x.write(2)
	x.look()
	for n := range 4 {
		for _, rotated := range []int{3, 2, 1} { // as logrotate goes on
			_ = os.Rename(fmt.Sprintf("%s.%d.gz", x.name, rotated), fmt.Sprintf("%s.%d.gz", x.name, rotated+1))
		}
		if n > 0 {
			packFile(t, x.name+".1", x.name+".2.gz")
		}
		if err := os.Rename(x.name, x.name+".1"); err != nil {
			t.Fatal(err)
		}

		x.write(2) // into the renamed file
		if n%2 == 0 {
			x.look()
		}
		if err := x.record.Reopen(); err != nil {
			t.Fatal(err)
		}
		x.write(2)
		x.look()
		x.wantAll()

		x.restart(x.db)
		x.look()
		x.wantAll()
	}
}

// packFile compresses a file, as logrotate does.
func packFile(t *testing.T, plain, packed string) {
	t.Helper()
	text, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	writeRecordFile(t, packed, string(text))
	if err := os.Remove(plain); err != nil {
		t.Fatal(err)
	}
}

func TestFilesFromBeforeTheIndexAreCopiedWhole(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	for _, name := range []string{".5.gz", "-20260101.gz", "-20260201", ".3"} {
		x.write(5000)
		if err := os.Rename(x.name, x.name+name); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			if err := os.Rename(x.name+name, x.name+".plain"); err != nil {
				t.Fatal(err)
			}
			packFile(t, x.name+".plain", x.name+name)
		}
		if err := x.record.Reopen(); err != nil {
			t.Fatal(err)
		}
	}
	x.write(1)

	x.look()
	x.wantAll()
	if got := x.sql.Text(`SELECT string_agg(complete::text, ' ' ORDER BY complete) FROM thalamus_access_files`); got != "false false false true true" {
		t.Errorf("complete: %s", got)
	}

	x.restart(x.db)
	x.look()
	x.wantAll()
}

func TestATornLineIsLeftOutAndTheNextOneIsNot(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for cut, want := range map[int]string{1: "4", 30: "4", -2: "4", -1: "5"} { // bytes of a line; the last one only lacks its end
		x := newIndexed(t, db)
		x.write(2)
		text, err := os.ReadFile(x.name)
		if err != nil {
			t.Fatal(err)
		}
		length := len(text) / 2
		writeRecordFile(t, x.name, string(text)+string(text[:(length+cut)%length]))
		x.look()
		x.wantAll()

		x.restart(x.db) // which goes on in a new line
		x.write(2)
		x.look()
		got := db.Text(`SELECT count(*)::text FROM thalamus_access WHERE starts_with(request, $1)`, x.name)
		if got != want {
			t.Errorf("%d bytes: %s lines, want %s", cut, got, want)
		}
	}
}

func TestTheLastLineOfACompressedFileMayHaveNoEnd(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	x.write(2)
	text, err := os.ReadFile(x.name)
	if err != nil {
		t.Fatal(err)
	}

	writeRecordFile(t, x.name+".2.gz", strings.TrimSuffix(string(text), "\n"))
	if err := os.Remove(x.name); err != nil {
		t.Fatal(err)
	}
	x.look()
	x.wantAll()
}

func TestTwoServersHaveARecordEach(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	x, y := newIndexed(t, db), newIndexed(t, db)
	for range 3 {
		x.write(1)
		y.write(2)
		y.look()
		x.look()
	}
	x.wantAll()
	y.wantAll()
}

func TestServersThatShareARecordCopyEachLineOnce(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	x.write(5000)
	var servers sync.WaitGroup
	for range 3 {
		f, _ := NewIndex(x.record, x.db, x.Index.log).followers()
		servers.Go(func() {
			for range 10 {
				if err := f.look(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	servers.Wait()
	x.wantAll()
}

func TestTheLastLinesAreCopiedWhileTheServerEnds(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	stop := x.Start(t.Context())
	x.write(3)
	stop()
	x.wantAll()
}

func TestLinesWaitForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	cluster := testdb.NewCluster(t)
	x := newIndexed(t, cluster.New())
	x.write(2)
	x.look()

	cluster.Stop()
	x.write(2)
	looked := make(chan error, 1)
	go func() { looked <- x.recent.look(t.Context()) }()
	cluster.Start()

	if err := <-looked; err != nil {
		t.Error(err)
	}
	x.look()
	x.wantAll()
}

func TestAFileThatCannotBeReadIsToldOfOnceAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	for name, text := range map[string]string{".2": "\x1f\x8b\x08rest of it", ".3.xz": "\xfd7zXZ\x00", ".4": "no line of the record\n"} {
		t.Run(name, func(t *testing.T) {
			writeRecordFile(t, x.name+name, text)
		})
	}
	x.write(2)
	x.look()
	x.look()
	x.wantAll()
	if got := strings.Count(x.log.String(), "is not in its index"); got != 2 {
		t.Errorf("%d warnings, want 2: %s", got, x.log)
	}
}

func TestARecordOnStandardOutputHasNoIndex(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"-": false, "/dev/null": false, filepath.Join(t.TempDir(), "access.jsonl"): true} {
		t.Run(name, func(t *testing.T) {
			record, err := Open(name, &bytes.Buffer{})
			if err != nil {
				t.Fatal(err)
			}
			if got := record.Indexed(); got != want {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
			_ = record.Close()
		})
	}
}

// accounts gives the accounts that have looked at a person, and how, the newest first.
func (x *indexed) accounts(person string) string {
	x.t.Helper()
	var all []string
	err := x.db.For(fed.Operator).Accesses(x.t.Context(), store.AccessQuery{Person: person}, store.Keyset[store.AccessKey]{}, eager{}, func(a store.Access) error {
		all = append(all, a.Account+" "+string(a.Way))
		return nil
	})
	if err != nil {
		x.t.Error(err)
	}
	return strings.Join(all, ", ")
}

func TestEachPersonOfAListIsFound(t *testing.T) {
	t.Parallel()
	x := newIndexed(t, testdb.New(t))
	ids := make([]string, 2500)
	for i := range ids {
		ids[i] = fmt.Sprintf("P%04d", i)
	}
	x.sql.Exec(`INSERT INTO people (id, data) SELECT unnest($1::text[]), '{}'`, append(ids, "P", "P000"))

	for _, line := range []Line{
		{Account: "LIST", Method: "GET", Endpoint: "people", Persons: &Persons{IDs: ids}, Status: 200},
		{Account: "NONE", Method: "GET", Endpoint: "people", Persons: &Persons{IDs: []string{}}, Status: 200},
		{Account: "REFUSED", Method: "GET", Endpoint: "people", Status: 403},
		{Account: "OLD", Method: "GET", Endpoint: "people", Status: 200},
		{Account: "ALL", Method: "GET", Endpoint: "changes", Persons: &Persons{All: true}, Status: 200},
	} {
		if err := line.WriteTo(x.record); err != nil {
			t.Fatal(err)
		}
	}
	x.look()

	for person, want := range map[string]string{
		"P0000": "ALL all, OLD all, LIST listed", "P0999": "ALL all, OLD all, LIST listed", "P1000": "ALL all, OLD all, LIST listed",
		"P2499": "ALL all, OLD all, LIST listed", "P": "ALL all, OLD all", "P000": "ALL all, OLD all",
	} {
		t.Run(person, func(t *testing.T) {
			if got := x.accounts(person); got != want {
				t.Errorf("%s: %s, want %s", person, got, want)
			}
		})
	}
}
