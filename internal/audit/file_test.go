// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
)

// A full disk may leave a part of a line; the next one must not be joined to it.
func TestALineDoesNotContinueATornOne(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "access.jsonl")
	if err := os.WriteFile(file, []byte("{\"a\":1}\n{\"b\""), 0o600); err != nil {
		t.Fatal(err)
	}

	for range 2 {
		a, err := Open(file, nil)
		if err != nil {
			t.Fatal(err)
		}

		for range 2 {
			if _, err := a.Write([]byte("{\"c\":1}\n")); err != nil {
				t.Error(err)
			}
		}

		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}

	text, err := os.ReadFile(file)
	if want := "{\"a\":1}\n{\"b\"\n" + strings.Repeat("{\"c\":1}\n", 4); err != nil || string(text) != want {
		t.Errorf("%q, %v", text, err)
	}
}

// writerFunc is a standard output of the tests.
type writerFunc func(text []byte) (int, error)

func (w writerFunc) Write(text []byte) (int, error) { return w(text) }

func TestLinesThatComeDuringAWriteAreWrittenNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turn := make(chan bool)
		var writes []string
		a := &File{name: "-", out: writerFunc(func(text []byte) (int, error) {
			<-turn
			writes = append(writes, string(text))
			return len(text), nil
		})}

		for range 2 {
			var all sync.WaitGroup
			for n := range 3 {
				all.Go(func() {
					if _, err := fmt.Fprintln(a, n); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait()
			}

			turn <- true
			turn <- true
			all.Wait()
			synctest.Wait()
		}

		if got, want := strings.Join(writes, "+"), "0\n+1\n2\n+0\n+1\n2\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// Standard output is not opened again, and the record cannot read its end.
func TestALineDoesNotContinueATornOneOfStandardOutput(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	room := 3
	a := &File{name: "-", out: writerFunc(func(text []byte) (int, error) {
		n := min(room, len(text))
		out.Write(text[:n])
		room -= n
		if n < len(text) {
			return n, syscall.ENOSPC
		}
		return n, nil
	})}

	for _, more := range []int{0, 0, 99, 0} {
		room += more
		if _, err := a.Write([]byte("{\"c\":1}\n")); (err == nil) != (room > 0) {
			t.Errorf("%v, with room for %d", err, room)
		}
	}

	if got, want := out.String(), "{\"c\n"+strings.Repeat("{\"c\":1}\n", 2); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
