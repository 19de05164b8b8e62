// SPDX-License-Identifier: GPL-3.0-or-later

package check

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"thalamus/internal/demo"
	"thalamus/internal/localpg"
	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// durable starts a cluster that keeps what it has acknowledged, which the tests' own does not.
func durable(t *testing.T) (*localpg.Server, string) {
	t.Helper()
	dir := testdir.New(t)
	return startIn(t, dir), dir
}

func startIn(t *testing.T, dir string) *localpg.Server {
	t.Helper()
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: dir, Keep: testdb.Keep()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() }) // also if it was stopped
	return server
}

func TestNothingIsSaidAgainstASoundInstallation(t *testing.T) {
	t.Parallel()
	cluster, _ := durable(t)
	p := newFiles(t)
	super := testdb.At(t, cluster.URL("postgres"))
	if err := furnish(t.Context(), super); err != nil {
		t.Fatal(err)
	}
	p.over(super)
	found := Run(t.Context(), p.Site)
	for _, f := range found {
		if f.State != OK || f.Remedy != "" || f.Says == "" {
			t.Errorf("%+v", f)
		}
	}
	if len(found) != len(table) || Worst(found) != OK {
		t.Errorf("%d findings of %d checks, at worst %s", len(found), len(table), Worst(found))
	}
	if found := AtStart(t.Context(), p.Site); len(found) > 0 {
		t.Errorf("at the start: %+v", found)
	}
}

// flaw is a fault that is planted, and what is to be said of it.
type flaw struct {
	name   string
	plant  func(p *planting)
	check  string
	state  State
	says   string
	remedy string
}

var flaws = []flaw{
	{"a key that nobody reads", func(p *planting) { p.Warnings = []string{"THALAMUS_X belongs to no key"} },
		"configuration", Warning, "THALAMUS_X", "thalamus.toml"},
	{"a configuration with the password that everybody can read", func(p *planting) { p.open(p.File) },
		"files", Warning, "thalamus.toml", "chmod o= "},
	{"a configuration that the user who serves cannot read", func(p *planting) { p.File += ".absent" },
		"files", Fault, "thalamus.toml.absent", "chgrp "},
	{"a file with the URL that everybody can read", func(p *planting) {
		p.SecretFile = p.file("url", "host=localhost password=secret\n")
		p.Secret = "host=localhost password=secret"
		p.open(p.SecretFile)
	}, "files", Warning, "/url", "chmod o= "},

	{"no roles file", func(p *planting) { p.Roles += ".absent" }, "roles", Fault, "roles.cfg.absent", "Correct it"},
	{"an endpoint that there is not", func(p *planting) { p.inRoles(`"people"`, `"persons", "people"`) }, "roles", Warning, "persons", "systemctl reload"},
	{"an endpoint that is granted to nobody", func(p *planting) { p.inRoles(`, "history"`, ``) }, "roles", Warning, "history (GET to", "systemctl reload"},

	{"a port that is open without TLS", func(p *planting) {
		p.Cert, p.Key, p.Exposed = "", "", errors.New("it is open to other machines")
	}, "encryption", Fault, "it is open to other machines", "server.tls_cert"},
	{"plain HTTP", func(p *planting) { p.Cert, p.Key, p.AllowPlaintext = "", "", true },
		"encryption", Warning, "cross the network as they are", "server.trusted_proxies"},
	{"every web site", func(p *planting) { p.Origins = []string{"https://a.org", "*"} }, "origins", Warning, "every web site", "server.cors_origins"},

	{"no certificate", func(p *planting) { p.Cert += ".absent" }, "certificate", Fault, "cert.pem.absent", "server.tls_cert"},
	{"a key for a certificate", func(p *planting) { p.Cert = p.Key }, "certificate", Fault, "no certificate in PEM", "server.tls_cert"},
	{"a certificate that has ended", func(p *planting) {
		p.certify(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	}, "certificate", Fault, "ended on", "Renew"},
	{"a certificate that ends soon", func(p *planting) {
		p.certify(func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(-1, 0, 0), time.Now().Add(expiryMargin-time.Minute)
		})
	}, "certificate", Warning, "days left: 13", "Renew"},
	{"a certificate of the future", func(p *planting) {
		p.certify(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })
	}, "certificate", Fault, "on only", "clock"},
	{"a certificate without names", func(p *planting) {
		p.certify(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil })
	}, "certificate", Fault, "no names", "with the name"},

	{"no key", func(p *planting) { p.Key += ".absent" }, "key", Fault, "key.pem.absent", "chgrp "},
	{"another's key", func(p *planting) {
		cert := p.Cert
		other := newFiles(p.t)
		p.Cert, p.Key = cert, other.Key
	}, "key", Fault, "does not fit", "both files"},
	{"a key that everybody can read", func(p *planting) { p.open(p.Key) }, "key", Warning, "key.pem", "chmod o= "},

	{"no directory for the access record", func(p *planting) { p.Record = filepath.Join(p.dir, "absent", "access.jsonl") },
		"record", Fault, "absent: no such file", "install -d "},
	{"an access record that is a directory", func(p *planting) { p.Record = p.dir }, "record", Fault, "is a directory", "install -d "},

	{"no database", func(p *planting) { p.connect("postgres://hub@127.0.0.1:1/x") }, "database", Fault, "connection refused", "PostgreSQL's log"},
	{"a URL that is none", func(p *planting) { p.DB, p.Unopened = nil, errors.New("the database URL cannot be read") },
		"database", Fault, "cannot be read", "database.url"},
	{"a pooler that gives connections away", func(p *planting) { p.connect(testdb.At(p.t, p.super.As(server)).Pooled("transaction")) },
		"pooler", Fault, "was not heard", "pool_mode = session"},
	{"settings that lose records", func(*planting) {}, "durability", Fault, "fsync is off", "postgresql.conf"},
	{"fewer connections than a server wants", func(p *planting) { p.connect(p.few("few_7", 7)) }, "connections", Warning, "Servers: 1, each with up to 11 connections, so 11 together; PostgreSQL has 7 ", "max_connections"},
	{"fewer connections than all servers want", func(p *planting) {
		p.super.Exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 23', current_database()); END $$`)
		for range 3 {
			testdb.Exec(p.t, p.super.As(server), `LISTEN thalamus_account; LISTEN thalamus_x`)
		}
	}, "connections", Warning, "Servers: 3, ", "max_connections"},

	{"a superuser", func(p *planting) { p.connect(p.super.URL) }, "owner", Warning, "as a superuser, postgres", "database.url"},
	{"tables of several users", func(p *planting) {
		p.super.Exec(`ALTER TABLE dus OWNER TO postgres; GRANT ALL ON dus TO ` + server)
	}, "owner", Fault, "hub, postgres", "OWNER TO hub"},
	{"a schema in which everybody may create", func(p *planting) { p.super.Exec(`GRANT CREATE ON SCHEMA public TO PUBLIC`) },
		"owner", Warning, "may create in schema public", "REVOKE CREATE"},
	{"an older schema", func(p *planting) {
		p.super.Exec(`DELETE FROM thalamus_migrations WHERE number = (SELECT max(number) FROM thalamus_migrations)`)
	}, "schema", Fault, "lacks 1 of the migrations", "thalamus migrate --config FILE"},
	{"a newer schema", func(p *planting) {
		p.super.Exec(`INSERT INTO thalamus_migrations (number, name, checksum) SELECT max(number) + 1, 'x', 'x' FROM thalamus_migrations`)
	}, "schema", Fault, "newer thalamus", "Install"},
	{"a right that is lacking", func(p *planting) {
		p.super.Exec(`REVOKE UPDATE ON people FROM ` + server + `; REVOKE ALL ON FUNCTION thalamus_link FROM ` + server + `, PUBLIC`)
	}, "grants", Fault, "UPDATE on people, EXECUTE on thalamus_link", "GRANT UPDATE ON people TO hub; GRANT EXECUTE ON FUNCTION thalamus_link TO hub;"},

	{"changes that nobody publishes", func(p *planting) {
		p.super.Exec(`INSERT INTO people VALUES ('P1', '{}')`)
		p.super.Exec(`SET session_replication_role = replica; UPDATE thalamus_changes SET time = now() - interval '2 minutes' WHERE id = 'P1'`)
	}, "feed", Warning, "no change since", "Start a server"},
	{"no administrator", func(p *planting) {
		p.super.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = 'ADM'`)
	},
		"administrators", Fault, "Nobody can log in", "thalamus account add ID --role root --config FILE"},
	{"an administrator without a usable password", func(p *planting) { p.super.Exec(`UPDATE people SET data = data - 'password' WHERE id = 'ADM'`) },
		"administrators", Fault, "Nobody can log in", "thalamus account add"},
	{"an account that is closed by a slip", func(p *planting) { p.person("P1", `{"active": "yes"}`, aHash) },
		"active", Warning, "neither true nor null nor absent: 1 (P1)", "UPDATE people SET"},
	{"a password as it is typed", func(p *planting) { p.person("P1", `{}`, "secret") }, "hashes", Fault, "as they are typed, and nobody can log in with them: 1 (P1)", "account password ID --config FILE"},
	{"a hash that is quick to guess", func(p *planting) { p.person("P1", `{}`, hashOf(p.t, "x", 9)) }, "hashes", Warning, "cost is below 10: 1 (P1)", "account password ID"},
	{"an account of the demo", func(p *planting) { p.person("ARGBUE111FAV", `{}`, hashOf(p.t, "freedom", 10)) },
		"demo", Fault, "ARGBUE111FAV", "account password ID"},
}

func TestEveryFlawIsFound(t *testing.T) {
	t.Parallel()
	for _, f := range flaws {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			p := newSite(t)
			f.plant(p)
			var said []Finding
			for _, found := range Run(t.Context(), p.Site) {
				durability := found.Check == "durability" && f.check != "durability" // never well in this cluster
				if found.State != OK && found.State != Unknown && !durability {
					said = append(said, found)
				}
			}
			f.compare(t, said)
		})
	}
}

// compare looks for the flaw, and for nothing else.
func (f flaw) compare(t *testing.T, said []Finding) {
	t.Helper()
	if len(said) == 0 {
		t.Fatal("nothing was found")
	}
	first := said[0]
	if first.Check != f.check || first.State != f.state || !strings.Contains(first.Says, f.says) || !strings.Contains(first.Remedy, f.remedy) {
		t.Errorf("%+v", first)
	}
	for _, other := range said[1:] {
		if other.Check != f.check {
			t.Errorf("also: %+v", other)
		}
	}
}

// inRoles changes the roles file.
func (p *planting) inRoles(old, to string) {
	p.t.Helper()
	text, err := os.ReadFile(p.Roles)
	if err != nil {
		p.t.Fatal(err)
	}
	p.file("roles.cfg", strings.ReplaceAll(string(text), old, to))
}

// few gives the URL for a user with the server's rights and only so many connections.
func (p *planting) few(user string, most int) (url string) {
	p.t.Helper()
	url = p.super.As(user)
	p.super.Exec(fmt.Sprintf(`GRANT %s TO %s; ALTER ROLE %[2]s CONNECTION LIMIT %[3]d`, server, user, most))
	return url
}

func TestASoundInstallationHasNoFlaw(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(p *planting){
		"a URL without a password": func(p *planting) {
			p.Secret = "postgres:///x"
			p.open(p.file("thalamus.toml", p.Secret))
		},
		"a password that comes from elsewhere": func(p *planting) { p.open(p.file("thalamus.toml", "")) },
		"plain HTTP for a proxy": func(p *planting) {
			p.Cert, p.Key, p.AllowPlaintext, p.Proxied = "", "", true, true
		},
		"plain HTTP that is allowed and not spoken": func(p *planting) { p.AllowPlaintext = true },
		"plain HTTP on this machine":                func(p *planting) { p.Cert, p.Key, p.Listen = "", "", "127.0.0.1:8080" },
		"no other web site":                         func(p *planting) { p.Origins = nil },
		"a short life": func(p *planting) {
			p.certify(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(3 * 24 * time.Hour) })
		},
		"an access record that is there": func(p *planting) { p.file("access.jsonl", "") },
		"an access record that is a stream": func(p *planting) {
			p.Record = "-"
			if f := p.only("record"); !strings.Contains(f.Says, "standard output") {
				p.t.Errorf("%+v", f)
			}
		},
		"a pooler for sessions":             func(p *planting) { p.connect(testdb.At(p.t, p.super.As(server)).Pooled("session")) },
		"as many connections as are wanted": func(p *planting) { p.connect(p.few("few_11", 11)) },
		"changes that were published long ago": func(p *planting) {
			p.person("P1", `{}`, aHash)
			p.super.Exec(`SET session_replication_role = replica; UPDATE thalamus_changes SET time = now() - interval '1 day'`)
		},
		"persons who cannot log in": func(p *planting) {
			p.super.Exec(`INSERT INTO people VALUES ('P1', '{"active": "no"}'), ('P2', '{"password": null}'), ('P3', '{"password": ""}'), ('P4', null), ('P5', '[]')`)
		},
		"an account of the demo with a password of its own": func(p *planting) { p.person("ARGBUE111FAV", `{}`, aHash) },
		"another account with a password of the demo":       func(p *planting) { p.person("P1", `{}`, hashOf(p.t, "freedom", 10)) },
		"a demo": func(p *planting) {
			p.file(demo.Marker, "")
			p.person("ARGBUE111FAV", `{}`, hashOf(p.t, "freedom", 10))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newSite(t)
			plant(p)
			for _, f := range Run(t.Context(), p.Site) {
				if f.State != OK && f.Check != "durability" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}
