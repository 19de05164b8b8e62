// SPDX-License-Identifier: GPL-3.0-or-later

// Package failover breaks machines of a database under load, and compares what the clients of two
// hubs were told with what is there afterwards. The database is set up as the manual's page High
// availability says: three machines, each an address of this one, with Patroni, PostgreSQL and a
// member of etcd.
//
// It has nothing but tests, which take minutes: make failover runs them.
package failover
