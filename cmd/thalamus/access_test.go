// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// awaitReads asks who has read the person that the tests log in as, until there are so many.
func awaitReads(t *testing.T, p *program, want int) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		code, body := ask(t, "GET", "http://"+p.address+"/people/"+other+"/access", other, otherPwd, "")
		if code != 200 {
			t.Fatalf("%d: %s", code, body)
		}
		if strings.Count(body, `"endpoint":"person"`) >= want {
			return
		}
	}
	t.Errorf("there are fewer than %d reads", want)
}

func TestEachReadIsToldOnceAlsoAfterAKillAndOfAnotherServer(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	p, file := recording(t, s)
	for range 3 {
		read(t, p, 200)
		awaitReads(t, p, 1)
		read(t, p, 200)
		_ = p.cmd.Process.Kill()
		p.wait()
		p = start(t, append(s.environ, "THALAMUS_ACCESS_RECORD="+file), "serve")
	}

	q, _ := recording(t, s)
	read(t, q, 200)
	q.signal(syscall.SIGTERM)
	q.wait() // which copies its last lines
	awaitReads(t, p, 7)
	p.signal(syscall.SIGTERM)
	p.wait()

	if got := testdb.At(t, s.url).Text(`SELECT count(*)::text FROM thalamus_access WHERE endpoint = 'person'`); got != "7" {
		t.Errorf("the index has %s reads, want 7", got)
	}
}

func TestARecordOnStandardOutputIsSaidNotToBeAsked(t *testing.T) {
	t.Parallel()
	p := start(t, migratedSite(t).environ, "serve")
	code, body := ask(t, "GET", "http://"+p.address+"/people/"+other+"/access", other, otherPwd, "")
	if code != 404 || !strings.Contains(body, "cannot be asked") {
		t.Errorf("%d: %s", code, body)
	}
}
