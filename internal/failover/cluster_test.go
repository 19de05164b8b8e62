// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/localpg"
	"thalamus/internal/testdir"
)

// cluster is three machines, and what leads to the one that is written to.
type cluster struct {
	t        testing.TB
	dir      string
	ports    ports
	machines []*machine
}

// newCluster starts the machines, and haproxy beside the hubs.
func newCluster(t testing.TB) *cluster {
	t.Helper()
	bin, user, err := localpg.Installed(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	c := &cluster{t: t, dir: testdir.New(t), ports: newPorts(t)}
	for i, name := range []string{"one", "two", "three"} {
		m := &machine{
			t: t, name: name, address: fmt.Sprintf("%s%d", network, i+1), dir: filepath.Join(c.dir, name),
			ports: c.ports, bin: bin, user: user,
		}
		m.install()
		m.start()
		t.Cleanup(m.kill)
		c.machines = append(c.machines, m)
	}

	c.startProxy()
	c.await("the cluster is complete", c.isWell)
	return c
}

func (c *cluster) startProxy() {
	c.t.Helper()
	file := filepath.Join(c.dir, "haproxy.cfg")
	write(c.t, file, recipe(c.t, "listen federation", recipeNetwork, network,
		":5432", ":"+c.ports.postgres, "port 8008", "port "+c.ports.patroni, ":5000", ":"+c.ports.haproxy), nil)
	program, err := exec.LookPath("haproxy")
	if err != nil {
		program = "/usr/sbin/haproxy" // where Debian has it, which is not in every path
	}
	launch(c.t, exec.Command(program, "-f", file), filepath.Join(c.dir, "haproxy.log")) //nolint:noctx // killed with the test
}

// longest is how long anything may take that ends by itself.
const longest = 3 * time.Minute

// await returns when a condition holds.
func (c *cluster) await(what string, holds func() bool) {
	c.t.Helper()
	if within(longest, holds) {
		return
	}

	for _, m := range c.machines {
		text, _ := os.ReadFile(m.file("patroni.log"))
		c.t.Logf("Patroni on %s ends with\n%s", m.name, text[max(0, len(text)-4000):])
	}
	c.t.Fatalf("this never came: %s; the members are %+v", what, c.members())
}

// within reports whether a condition comes to hold in time.
func within(limit time.Duration, holds func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); pause(200 * time.Millisecond) {
		if holds() {
			return true
		}
	}
	return false
}

func pause(duration time.Duration) { <-time.After(duration) }

// member is a machine as Patroni sees it.
type member struct {
	Name, Role, State string
	Timeline          int
}

// members asks Patroni, wherever it answers.
func (c *cluster) members() []member {
	for _, m := range c.machines {
		var reply struct{ Members []member }
		if c.ask(m, "cluster", &reply) == http.StatusOK {
			return reply.Members
		}
	}
	return nil
}

// ask asks the Patroni of a machine. The status is 0 if it says nothing.
func (c *cluster) ask(m *machine, path string, reply any) (status int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "http://"+m.address+":"+m.ports.patroni+"/"+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()

	if reply != nil && json.NewDecoder(answer.Body).Decode(reply) != nil {
		return 0
	}
	return answer.StatusCode
}

// isWell reports whether there are a primary, a synchronous standby and another one, on one
// timeline.
func (c *cluster) isWell() bool {
	var got []string
	members := c.members()
	for _, m := range members {
		if (m.State != "running" && m.State != "streaming") || m.Timeline != members[0].Timeline {
			return false
		}
		got = append(got, m.Role)
	}
	slices.Sort(got)
	return slices.Equal(got, []string{"leader", "replica", "sync_standby"})
}

// with gives the machine that has a role.
func (c *cluster) with(role string) *machine {
	c.t.Helper()
	for _, member := range c.members() {
		if member.Role == role {
			return c.machines[slices.IndexFunc(c.machines, func(m *machine) bool { return m.name == member.Name })]
		}
	}
	c.t.Fatalf("no machine is %s", role)
	return nil
}

// url is that of a database, for a user, on each of the machines.
func (c *cluster) url(user, database string) string {
	var hosts []string
	for _, m := range c.machines {
		hosts = append(hosts, m.address+":"+m.ports.postgres)
	}
	return fmt.Sprintf("postgres://%s:SECRET@%s/%s?target_session_attrs=read-write&connect_timeout=2&sslmode=disable",
		user, strings.Join(hosts, ","), database)
}

// proxied is that of the federation behind haproxy.
func (c *cluster) proxied() string {
	return fmt.Sprintf("postgres://thalamus:SECRET@127.0.0.1:%s/federation?sslmode=disable", c.ports.haproxy)
}
