// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// A phone pushes its pages one after another, each until it gets an answer below
// 400, as MyGNUHealth does.
func TestAPhonesSyncSurvivesThatTheServerIsKilled(t *testing.T) {
	t.Parallel()
	const pages = 100
	s := migratedSite(t)
	s.environ = append(s.environ, "THALAMUS_SERVER_LISTEN="+freeAddress(t))
	p := start(t, s.environ, "serve")
	base := "http://" + p.address
	for n := range pages {
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
		page := fmt.Sprintf(`{"id": %q, "book": %q, "measurements": [{"hr": %d}]}`, id, other, 60+n)
		if n == pages/2 {
			go func() { _ = p.cmd.Process.Kill() }() // while the page is on its way, or just before, or just after
		}
		for !pushed(t, base+"/pols/"+other+"/"+id, page) {
			p.wait()
			p = start(t, s.environ, "serve")
		}
	}
	_, book := ask(t, "GET", base+"/pols/"+other, other, otherPwd, "")
	if got := strings.Count(book, `"measurements"`); got != pages {
		t.Errorf("the book has %d pages, want %d", got, pages)
	}
}

func pushed(t *testing.T, url, page string) bool {
	status, _, err := try(t, "POST", url, other, otherPwd, page)
	return err == nil && status < 400
}

// freeAddress finds a port that a server can be started on again.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
