// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/manual"
)

// block is one of code on the manual's page.
var block = regexp.MustCompile("(?s)```text\n(.*?)```")

// recipe gives the block of the page High availability that has this text, with its addresses,
// ports and other words changed. Each of these must be there.
func recipe(t testing.TB, holds string, changes ...string) string {
	t.Helper()
	page, _ := manual.Find("high-availability")
	for _, found := range block.FindAllStringSubmatch(page.Body, -1) {
		if strings.Contains(found[1], holds) {
			return changed(t, found[1], changes)
		}
	}
	t.Fatalf("the page has no block with %q", holds)
	return ""
}

func changed(t testing.TB, text string, changes []string) string {
	t.Helper()
	for change := range slices.Chunk(changes, 2) {
		if !strings.Contains(text, change[0]) {
			t.Fatalf("the page does not have %q in\n%s", change[0], text)
		}
		text = strings.ReplaceAll(text, change[0], change[1])
	}
	return text
}

// ports are free on this machine, on all of its addresses.
type ports struct{ postgres, patroni, etcd, etcdPeers, haproxy string }

func newPorts(t testing.TB) ports {
	t.Helper()
	var free []string
	for range 5 {
		free = append(free, freePort(t))
	}
	return ports{free[0], free[1], free[2], free[3], free[4]}
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return fmt.Sprint(listener.Addr().(*net.TCPAddr).Port)
}

// write makes a file for a user.
func write(t testing.TB, path, text string, user *syscall.Credential) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	give(t, path, user)
}

// give makes a user the owner of a file.
func give(t testing.TB, path string, user *syscall.Credential) {
	t.Helper()
	if user == nil {
		return
	}
	if err := os.Chown(path, int(user.Uid), int(user.Gid)); err != nil {
		t.Fatal(err)
	}
}
