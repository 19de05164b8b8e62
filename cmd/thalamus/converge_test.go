// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

// Two phones push pages and a hospital edits a person, each through whichever hub
// answers; two nodes follow, one from each hub. One hub is killed while all that goes
// on, and comes back. In the end the nodes and the phones have what the hubs hold.
func TestPhonesAndNodesConvergeThoughAHubIsKilled(t *testing.T) {
	t.Parallel()
	const phones, pages = 2, 40
	s := migratedSite(t)
	for n := range phones {
		testdb.Exec(t, s.url, `INSERT INTO people SELECT $1, data || '{"roles": ["end_user"]}' FROM people WHERE id = $2`, phone(n), other)
	}
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = $1`, other)
	mortal := append(slices.Clone(s.environ), "THALAMUS_SERVER_LISTEN="+freeAddress(t)) // the last one counts
	a, b := start(t, mortal, "serve"), start(t, s.environ, "serve")
	hubs := []string{"http://" + a.address, "http://" + b.address}

	var writers sync.WaitGroup
	for n := range phones {
		writers.Go(func() {
			for i := range pages {
				id := fmt.Sprintf("00000000-0000-4000-8000-%04d%08d", n, i)
				send(t, hubs, n, "POST", "/pols/"+phone(n)+"/"+id, phone(n), fmt.Sprintf(
					`{"id": %q, "book": %q, "measurements": [{"hr": %d}], "creation_info": {"node": "mygnuhealth"}}`, id, phone(n), 60+i))
			}
		})
	}
	writers.Go(func() {
		for i := range pages {
			send(t, hubs, i, "PATCH", "/people/"+phone(0), other, fmt.Sprintf(`{"visits": %d, "modification_info": {"node": "hospital"}}`, i))
		}
	})

	nodes, cursors := [2]*mirror{newMirror(t), newMirror(t)}, [2]string{write(t, ""), write(t, "")}
	nodes[0].killAfter(15, nodeOf(t, hubs[0], cursors[0]))
	_ = a.cmd.Process.Kill()
	a.wait()
	nodes[1].killAfter(25, nodeOf(t, hubs[1], cursors[1]))
	start(t, mortal, "serve")
	writers.Wait()
	want := hubRecords(t, s.url)
	for i, node := range nodes {
		node.killAfter(1<<30, nodeOf(t, hubs[1-i], cursors[i], "--once")) // from the other hub, with the same cursor
		if diff := cmp.Diff(want, node.kept(), cmp.AllowUnexported(mirrored{})); diff != "" {
			t.Errorf("the hubs (-) and node %d (+) differ:\n%s", i, diff)
		}
	}
	for n := range phones {
		if got := testdb.Text(t, s.url, `SELECT count(*)::text FROM pols WHERE book = $1`, phone(n)); got != fmt.Sprint(pages) {
			t.Errorf("phone %d: its book has %s pages", n, got)
		}
	}
}

func phone(n int) string { return fmt.Sprintf("ESPPHO%03dNEX", n) }

// send tries one hub after the other until one has taken it.
func send(t *testing.T, hubs []string, first int, method, path, account, body string) {
	for i := first; ; i++ {
		status, reply, err := try(t, method, hubs[i%len(hubs)]+path, account, otherPwd, body)
		switch {
		case err == nil && status < http.StatusBadRequest:
			return
		case err == nil && status != http.StatusServiceUnavailable:
			t.Errorf("%s %s: %d %s", method, path, status, reply)
			return
		}
	}
}
