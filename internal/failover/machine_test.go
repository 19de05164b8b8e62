// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// machine is one of those that have the database: PostgreSQL, Patroni and a member of etcd.
type machine struct {
	t             testing.TB
	name, address string
	dir           string
	ports         ports
	bin           string              // PostgreSQL's programs
	user          *syscall.Credential // of all three; nil: ourselves
	environ       []string            // etcd's
	watchdog      *watchdog

	power         sync.Mutex // held while it is switched on or off
	etcd, patroni *process
}

// network turns the addresses of the recipe into ones of this machine.
const recipeNetwork, network = "192.0.2.", "127.0.1."

// install writes what the machine needs to start.
func (m *machine) install() {
	m.t.Helper()
	for _, dir := range []string{m.dir, m.file("socket")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			m.t.Fatal(err)
		}
		give(m.t, dir, m.user)
	}

	here := []string{"NAME", m.name, "ADDRESS", m.address, recipeNetwork, network}
	write(m.t, m.file("patroni.yml"), recipe(m.t, "scope:", append(here,
		":2379", ":"+m.ports.etcd, ":8008", ":"+m.ports.patroni, ":5432", ":"+m.ports.postgres,
		"device: /dev/watchdog", "driver: testing\n  device: "+m.file("watchdog"),
		"127.0.1.0/24", "127.0.0.0/8",
		"/var/lib/postgresql/15/federation", m.file("data"), "/usr/lib/postgresql/15/bin", m.bin,
		"/var/lib/postgresql/patroni.pgpass", m.file("pgpass"),
		"/var/run/postgresql", m.file("socket")+"\n    dynamic_shared_memory_type: mmap")...), m.user) // so that what is killed leaves no memory behind
	here[0] = "=NAME"
	here[1] = "=" + m.name
	environ := recipe(m.t, "ETCD_NAME", append(here,
		":2379", ":"+m.ports.etcd, ":2380", ":"+m.ports.etcdPeers, "/var/lib/etcd/federation", m.file("etcd"))...)
	m.environ = strings.Fields(environ)
	m.watchdog = newWatchdog(m.t, m.file("watchdog"), m.user, m.reset)
}

func (m *machine) file(name string) string { return filepath.Join(m.dir, name) }

// startEtcd starts the member of etcd.
func (m *machine) startEtcd() {
	m.t.Helper()
	cmd := exec.Command("etcd") //nolint:noctx // killed with the test
	cmd.Env = append(m.environ, "PATH="+os.Getenv("PATH"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: m.user}
	m.etcd = launch(m.t, cmd, m.file("etcd.log"))
}

// startPatroni starts Patroni, which starts PostgreSQL.
func (m *machine) startPatroni() {
	m.t.Helper()
	cmd := exec.Command("patroni", m.file("patroni.yml")) //nolint:noctx // killed with the test
	cmd.Dir = m.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: m.user}
	m.patroni = launch(m.t, cmd, m.file("patroni.log"))
}

// start switches the machine on.
func (m *machine) start() {
	m.t.Helper()
	m.power.Lock()
	defer m.power.Unlock()
	m.startEtcd()
	m.startPatroni()
}

// postmaster lists the process of PostgreSQL, if there is one: what its file says may be of
// one that was killed, and the number another's by now.
func (m *machine) postmaster() []int {
	text, _ := os.ReadFile(m.file("data/postmaster.pid"))
	first, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(first)

	works, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return nil
	}
	data, err := os.Stat(m.file("data"))
	if err != nil || !os.SameFile(works, data) {
		return nil
	}
	return []int{pid}
}

// everything lists all processes of the machine.
func (m *machine) everything() []int {
	return family(slices.Concat(m.etcd.pid(), m.patroni.pid(), m.postmaster())...)
}

// freeze stops the machine where it is, as a hypervisor does.
func (m *machine) freeze() { signal(syscall.SIGSTOP, m.everything()) }

// hasEnded reports whether the machine is off.
func (m *machine) hasEnded() bool {
	m.power.Lock()
	defer m.power.Unlock()
	return m.patroni.pid() == nil
}

// thaw lets it go on.
func (m *machine) thaw() { signal(syscall.SIGCONT, m.everything()) }

// kill takes its power away.
func (m *machine) kill() {
	m.power.Lock()
	defer m.power.Unlock()
	m.freeze() // so that nobody starts another process meanwhile
	m.watchdog.disarm()
	signal(syscall.SIGKILL, m.everything())
	m.etcd.work.Wait()
	m.patroni.work.Wait()
}

// booting is how long a machine takes after a reset.
const booting = 10 * time.Second

// reset is what the watchdog does.
func (m *machine) reset() {
	m.kill()
	pause(booting)
	m.start()
}
