// SPDX-License-Identifier: GPL-3.0-or-later

package check

import "time"

const (
	quick = 5 * time.Second
	whole = 2 * time.Minute // reads all persons, a million within some seconds
)

// What most checks need.
var (
	configured = []string{"configuration"}
	connected  = []string{"configuration", "database"}
	migrated   = []string{"configuration", "database", "schema"}
)

// table has every check, in the order in which they are made.
var table = []check{
	{"configuration", nil, false, quick, configuration},
	{"files", configured, true, quick, files},
	{"roles", configured, false, quick, roles},
	{"encryption", configured, true, quick, encryption},
	{"certificate", configured, true, quick, certificate},
	{"key", []string{"configuration", "certificate"}, true, quick, key},
	{"origins", configured, false, quick, origins},
	{"record", configured, false, quick, record},

	{"database", configured, false, quick, database},
	{"pooler", connected, false, 2 * quick, pooler},
	{"clock", connected, true, quick, clock},
	{"durability", connected, true, quick, durability},
	{"archive", connected, true, quick, archive},
	{"connections", connected, true, quick, connections},
	{"owner", connected, true, quick, owner},
	{"schema", connected, false, quick, schema},
	{"grants", migrated, true, quick, grants},

	{"feed", migrated, false, quick, feed},
	{"administrators", append([]string{"roles"}, migrated...), true, whole, administrators},
	{"active", migrated, true, whole, active},
	{"hashes", migrated, true, whole, hashes},
	{"demo", migrated, true, whole, demoAccounts},
}
