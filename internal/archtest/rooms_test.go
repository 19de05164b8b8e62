// SPDX-License-Identifier: GPL-3.0-or-later

// Package archtest holds the rule of who imports whom: imports go down only,
// and every third party has one door. A package or an import that is not
// listed here is a decision, to be made on purpose.
package archtest

// anything allows a package every import from the project.
const anything = "*"

// rooms lists every package, top to bottom, with what it may import from the
// project. Its tests may import itself and testOnly besides.
var rooms = map[string][]string{
	"cmd/thalamus": {anything},

	"internal/testhub": {
		"internal/access", "internal/api", "internal/audit", "internal/auth", "internal/document", "internal/feed", "internal/fhir", "internal/gate", "internal/manual", "internal/openapi", "internal/portal", "internal/record", "internal/store", "internal/testdb",
	},

	"internal/monitor": {"internal/task"},
	"internal/metrics": {
		"internal/audit", "internal/auth", "internal/document", "internal/feed", "internal/gate", "internal/limit", "internal/pg", "internal/server",
		"internal/store", "internal/task", "internal/tlscert",
	},

	"internal/check": {"etc", "internal/access", "internal/auth", "internal/demo", "internal/store", "internal/tlscert"},

	"internal/api":     {"internal/access", "internal/auth", "internal/document", "internal/fed", "internal/gate", "internal/record", "internal/store", "internal/web"},
	"internal/portal":  {"internal/access", "internal/account", "internal/auth", "internal/chart", "internal/document", "internal/fed", "internal/fhir/resource", "internal/fhir/summary", "internal/gate", "internal/measurement", "internal/record", "internal/store", "internal/task", "internal/web"},
	"internal/fhir":    {"internal/access", "internal/fed", "internal/fhir/resource", "internal/fhir/summary", "internal/gate", "internal/store"},
	"internal/feed":    {"internal/access", "internal/auth", "internal/fed", "internal/gate", "internal/limit", "internal/store", "internal/task"},
	"internal/manual":  {"internal/access", "internal/fed", "internal/gate", "internal/web"},
	"internal/openapi": {"internal/access", "internal/fed", "internal/gate", "internal/web"},
	"internal/account": {"internal/access", "internal/record"},

	"internal/demo": {"etc", "internal/config", "internal/fed", "internal/localpg", "internal/shell", "internal/store", "internal/tlscert"},

	"internal/fhir/bulk":    {"internal/fed", "internal/fhir/resource", "internal/pg", "internal/store"},
	"internal/fhir/summary": {"internal/fhir/resource", "internal/gate", "internal/limit", "internal/store"},

	"internal/document": {"internal/access", "internal/fed", "internal/gate", "internal/limit", "internal/record", "internal/store"},

	"internal/gate": {"internal/access", "internal/audit", "internal/auth", "internal/fed", "internal/limit", "internal/record", "internal/store", "internal/task", "internal/web"},

	"internal/server": {"internal/auth", "internal/fed", "internal/listen", "internal/pg", "internal/store", "internal/task"},
	"internal/listen": {"internal/config", "internal/systemd"},

	"internal/setup": {"internal/config", "internal/shell", "internal/store", "internal/tlscert"},

	"internal/transfer": {"internal/fed", "internal/record", "internal/store"},

	"internal/deduplication": {"internal/store", "internal/task"},
	"internal/audit":         {"internal/fed", "internal/pg", "internal/record", "internal/store", "internal/task"},

	"internal/testdb": {"internal/fed", "internal/localpg", "internal/store", "internal/task", "internal/testdir", "migrations"},
	"internal/store":  {"internal/fed", "internal/match", "internal/pg", "internal/record", "internal/task", "migrations"},
	"internal/pg":     {},

	"internal/fhir/resource": {"internal/fed", "internal/measurement", "internal/record"},

	"internal/chart":       {},
	"internal/measurement": {"internal/record"},

	"internal/access":      {"internal/record"},
	"internal/auth":        {"internal/fed", "internal/limit", "internal/record"},
	"internal/command":     {"internal/spelling"},
	"internal/config":      {"internal/shell", "internal/spelling"},
	"internal/fed":         {},
	"internal/follow":      {},
	"internal/limit":       {"internal/fed"},
	"internal/logging":     {"internal/config", "internal/record"},
	"internal/match":       {},
	"internal/record":      {"internal/fed"},
	"internal/localpg":     {"internal/task"},
	"internal/synth":       {},
	"internal/testdir":     {},
	"internal/task":        {},
	"internal/testbrowser": {"internal/task"},
	"internal/tlscert":     {},
	"internal/web":         {},
	"internal/shell":       {"internal/record"},
	"internal/spelling":    {"internal/match"},
	"internal/systemd":     {},
	"internal/terminal":    {"internal/task"},

	"internal/archtest": {},
	"internal/failover": {"internal/manual", "internal/task"},
	"internal/bench":    {"internal/localpg", "internal/program", "internal/synth", "internal/task"},
	"internal/program":  {"internal/task"},
	"internal/soak":     {"internal/localpg", "internal/program", "internal/task"},
	"etc":               {},
	"migrations":        {},
}

// doors lists every module of others that the program is made of, with the
// packages that may import it.
var doors = map[string][]string{
	"github.com/BurntSushi/toml":            {"internal/config"},
	"github.com/chromedp":                   {"internal/testbrowser"},
	"github.com/go-chi/chi/v5":              {"internal/gate"},
	"github.com/google/uuid":                {"internal/document", "internal/fhir/summary", "internal/portal"},
	"github.com/jackc/pgx/v5":               {"internal/bench", "internal/localpg", "internal/pg", "internal/soak", "internal/store", "internal/testdb"},
	"github.com/prometheus":                 {"internal/metrics"},
	"github.com/yuin/goldmark":              {"internal/manual"},
	"github.com/santhosh-tekuri/jsonschema": {"internal/testhub"},
	"golang.org/x/crypto":                   {"internal/auth"},
	"golang.org/x/term":                     {"internal/terminal"},
	"golang.org/x/text":                     {"internal/portal", "internal/record"},
}

// notLinked lists what no program of a hub may be linked with.
var notLinked = []string{
	module + "internal/testbrowser",
	module + "internal/testdb",
	module + "internal/testhub",
	"github.com/chromedp",
	"github.com/google/go-cmp",
	"github.com/santhosh-tekuri",
	"pgregory.net/rapid",
}

// testOnly lists what every test may import.
var testOnly = []string{
	module + "internal/localpg",
	module + "internal/synth",
	module + "internal/testbrowser",
	module + "internal/testdb",
	module + "internal/testdir",
	module + "internal/testhub",
	"github.com/chromedp",
	"github.com/google/go-cmp",
	"github.com/jackc/pgx/v5",
	"golang.org/x/crypto/bcrypt",
	"github.com/santhosh-tekuri",
	"pgregory.net/rapid",
}
