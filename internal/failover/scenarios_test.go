// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"syscall"
	"time"
)

// scenario is one way in which things break.
type scenario struct {
	name string
	do   func(s *site)

	// killsHub is set where connections of clients break.
	killsHub bool
	// splits is set where acknowledged changes may be lost: that is told, and no fault.
	splits bool
}

const (
	away   = 15 * time.Second // how long etcd is stopped
	frozen = 25 * time.Second // how long a machine stands still: longer than Patroni's ttl
)

var scenarios = []scenario{
	{name: "switchover ordered", do: switchOver},
	{name: "PostgreSQL killed on the primary", do: killPostmaster},
	{name: "primary's machine killed", do: killPrimary},
	{name: "synchronous standby's machine killed", do: killStandby},
	{name: "all of etcd stopped for 15 s", do: stopEtcd},
	{name: "primary frozen until its reset", do: freezeUntilReset},
	{name: "one of two hubs killed", do: killHub, killsHub: true},
	{name: "primary frozen for 25 s, no watchdog", do: freeze, splits: true},
}

func switchOver(s *site) {
	order := fmt.Sprintf(`{"leader": %q, "candidate": %q}`, s.with("leader").name, s.with("sync_standby").name)
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	leader := s.with("leader")
	r, err := http.NewRequestWithContext(ctx, "POST", "http://"+leader.address+":"+leader.ports.patroni+"/switchover", bytes.NewBufferString(order))
	if err != nil {
		s.t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()

	if said, _ := io.ReadAll(reply.Body); reply.StatusCode != http.StatusOK {
		s.t.Errorf("Patroni: %d %s", reply.StatusCode, said)
	}
}

func killPostmaster(s *site) { signal(syscall.SIGKILL, s.with("leader").postmaster()) }

func killPrimary(s *site) { s.restartLater(s.with("leader")) }

func killStandby(s *site) { s.restartLater(s.with("sync_standby")) }

// restartLater kills a machine, and starts it when the others have taken over.
func (s *site) restartLater(m *machine) {
	m.kill()
	s.await("another primary is there, with a standby", func() bool {
		roles := map[string]int{}
		for _, member := range s.members() {
			if member.Name != m.name {
				roles[member.Role]++
			}
		}
		return roles["leader"] == 1 && roles["sync_standby"] == 1
	})
	m.start()
}

func stopEtcd(s *site) {
	for _, m := range s.machines {
		m.etcd.kill()
	}
	pause(away)
	for _, m := range s.machines {
		m.startEtcd()
	}
}

// freezeUntilReset leaves it to the watchdog to end this.
func freezeUntilReset(s *site) {
	m := s.with("leader")
	m.freeze()
	s.await("the watchdog resets the machine", func() bool { return m.hasEnded() })
}

func freeze(s *site) {
	m := s.with("leader")
	m.freeze()
	m.watchdog.disarm()
	pause(frozen)
	m.thaw()
}

// killHub kills the second hub of each pair, and starts it again.
func killHub(s *site) {
	for _, pair := range s.pairs {
		pair.hubs[1].process.kill()
	}
	pause(3 * time.Second)
	for _, pair := range s.pairs {
		pair.hubs[1].start()
	}
}
