// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// Two hubs read one standby. What an account wrote through the first, it reads at the second, too.
func TestTwoHubsReadAReplicaThatStandsStillAndEnds(t *testing.T) {
	t.Parallel()
	s := newReplicatedSite(t, long)
	hubs := []*program{s.hub(), s.hub()}
	s.pause(hubs[1])
	s.pause(hubs[0])
	s.add(hubs[0], "new")
	if !strings.Contains(s.book(hubs[0], other), `"new"`) {
		t.Error("who wrote a page does not read it at once")
	}
	testdb.Await(t, "the writer reads it at the second hub", func() bool { return strings.Contains(s.book(hubs[1], other), `"new"`) })
	for _, hub := range hubs {
		if strings.Contains(s.book(hub, reader), `"new"`) {
			t.Error("the standby is not read")
		}
	}

	s.standby.Kill()
	for range 50 {
		for _, hub := range hubs {
			if !strings.Contains(s.book(hub, reader), `"new"`) {
				t.Error("who reads the primary does not see the page")
			}
		}
	}

	s.standby.Start()
	s.pause(hubs[0])
	testdb.Exec(t, s.primary.Location(), `UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, reader)
	for _, hub := range hubs {
		testdb.Await(t, "the account is out", func() bool {
			code, _ := ask(t, "GET", "http://"+hub.address+"/pols/"+other, reader, otherPwd, "")
			return code == 401
		})
	}
}
