// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"syscall"
	"testing"

	"thalamus/internal/localpg"
	"thalamus/internal/testdir"
)

// Cluster is a PostgreSQL that one test has for itself, and may stop and start.
type Cluster struct {
	t      testing.TB
	dir    string
	keep   string // localpg's
	server *localpg.Server
}

// NewCluster starts one, which ends with the test.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	return newCluster(t, Keep())
}

// NewStranger is NewCluster with a system identifier that no other cluster has.
func NewStranger(t testing.TB) *Cluster {
	t.Helper()
	return newCluster(t, "")
}

func newCluster(t testing.TB, keep string) *Cluster {
	t.Helper()
	c := &Cluster{t: t, dir: testdir.New(t), keep: keep}
	c.Start()
	t.Cleanup(func() { _ = c.server.Stop() })
	return c
}

// Start starts the cluster, where it was before.
func (c *Cluster) Start() {
	c.t.Helper()
	var err error
	c.server, err = localpg.Start(c.t.Context(), localpg.Options{Dir: c.dir, Unsafe: true, Keep: c.keep})
	if err != nil {
		c.t.Fatal(err)
	}
}

// Stop ends all connections, and the cluster.
func (c *Cluster) Stop() {
	c.t.Helper()
	err := c.server.Stop()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Kill ends the cluster and all connections in the middle of what they do.
func (c *Cluster) Kill() {
	c.t.Helper()
	err := c.server.Signal(syscall.SIGQUIT)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = c.server.Stop() // which says that the end was not clean
}

// Location is the URL of the cluster's database.
func (c *Cluster) Location() string { return c.server.URL("postgres") }

// New makes the migrated database of the cluster.
func (c *Cluster) New() *DB {
	c.t.Helper()
	db := At(c.t, c.Location())
	_, err := db.Migrate(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return db
}
