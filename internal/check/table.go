// SPDX-License-Identifier: GPL-3.0-or-later

package check

import "time"

// Timeouts of checks.
const (
	shortTimeout = 5 * time.Second
	scanTimeout  = 2 * time.Minute // of one that reads all persons, a million within some seconds
)

// The checks on which most others depend.
var (
	configured = []string{"configuration"}
	connected  = []string{"configuration", "database"}
	migrated   = []string{"configuration", "database", "schema"}
)

// table has every check, in the order in which they are made.
var table = []check{
	{"configuration", nil, false, shortTimeout, configuration},
	{"files", configured, true, shortTimeout, files},
	{"roles", configured, false, shortTimeout, roles},
	{"encryption", configured, true, shortTimeout, encryption},
	{"certificate", configured, true, shortTimeout, certificate},
	{"key", []string{"configuration", "certificate"}, true, shortTimeout, key},
	{"origins", configured, false, shortTimeout, origins},
	{"record", configured, false, shortTimeout, record},

	{"database", configured, false, shortTimeout, database},
	{"pooler", connected, false, 2 * shortTimeout, pooler},
	{"clock", connected, true, shortTimeout, clock},
	{"durability", connected, true, shortTimeout, durability},
	{"archive", connected, true, shortTimeout, archive},
	{"connections", connected, true, shortTimeout, connections},
	{"replicas", connected, false, shortTimeout, replicas},
	{"owner", connected, true, shortTimeout, owner},
	{"schema", connected, false, shortTimeout, schema},
	{"grants", migrated, true, shortTimeout, grants},

	{"feed", migrated, false, shortTimeout, feed},
	{"administrators", append([]string{"roles"}, migrated...), true, scanTimeout, administrators},
	{"active", migrated, true, scanTimeout, active},
	{"hashes", migrated, true, scanTimeout, hashes},
	{"demo", migrated, true, scanTimeout, demoAccounts},
}
