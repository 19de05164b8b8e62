// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// faultsOf gives the faults of the text, with a short name for its file.
func faultsOf(t *testing.T, text string, environ ...string) string {
	t.Helper()
	name := writeFile(t, text)

	_, _, err := Load(name, environ)
	if err == nil {
		return ""
	}

	return strings.ReplaceAll(err.Error(), filepath.Dir(name)+"/", "")
}

func TestAllFaultsAreReportedTogether(t *testing.T) {
	got := faultsOf(t, `
[server]
listen = "8443"
max_body = "8MB!"
lisen = ":1"
[databas]
url = "postgres://x"
[log]
format = "xml"`, "THALAMUS_PASSWORDS_COST=much")

	want := `thalamus.toml:4: server.max_body: "8MB!" is not a size; write 8MiB or 8388608
thalamus.toml:5: server.lisen: unknown key; is it server.listen?
thalamus.toml:6: databas: unknown key; is it [database]?
THALAMUS_PASSWORDS_COST: passwords.cost: "much" is not a whole number; write 8
thalamus.toml:3: server.listen: "8443" is not host:port; write :8443 or 127.0.0.1:8080
database.url: is not set: write it in the file or in THALAMUS_DATABASE_URL, or run thalamus setup
thalamus.toml:9: log.format: "xml" is not a format; write text or json`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The files have a single fault each, and a part of its message.
func TestEachFaultHasItsMessage(t *testing.T) {
	for text, want := range map[string]string{
		"[consent]\nemergency = '59s'":                         "consent.emergency: 59s is not between 1m0s and 24h0m0s",
		"[consent]\nemergency = '25h'":                         "consent.emergency: 25h0m0s is not between 1m0s and 24h0m0s",
		"listen = ':1'":                                        "thalamus.toml:1: listen: unknown key; is it server.listen?",
		"server = 'x'":                                         "thalamus.toml:1: server: is a section; write [server]",
		"[[server]]\nlisten = ':1'":                            "thalamus.toml:1: server: is a section; write [server]",
		"[server.listen]\nx = 1":                               "thalamus.toml:1: server.listen: this is not a text",
		"[server.tls]\nx = 1":                                  "thalamus.toml:1: server.tls: unknown key",
		"server.tls.cert = 'c'":                                "server.tls: unknown key",
		"[server]\nlisten.port = 1":                            "server.listen: this is not a text",
		"[server]\n'listen.port' = 1":                          "server.listen.port: unknown key",
		"[server]\nserver.max_body = 1":                        "server.server: unknown key",
		"wishes.fields = 1":                                    "wishes: unknown key",
		"[server]\nlisten = 8443":                              `thalamus.toml:2: server.listen: "8443" is not host:port`,
		"[server]\nlisten = ':65536'":                          "is not host:port",
		"[server]\nlisten = ':https'":                          "is not host:port",
		"[admin]\nlisten = '9191'":                             "thalamus.toml:2: admin.listen: \"9191\" is not host:port; write 127.0.0.1:9191",
		"[server]\nlisten = []":                                "this is not a text",
		"[server]\nallow_plaintext = 'yes'":                    `"yes" is not a switch`,
		"[server]\nmax_body = -1":                              "-1 is not a size",
		"[server]\nmax_body = 1023":                            "1023 is not between 1KiB and 255MiB",
		"[server]\nmemory = '63MiB'":                           "63MiB is too little; write 0, or at least 8 times server.max_body: 64MiB",
		"[server]\nmax_body = '8KiB'\nmemory = '63KiB'":        "at least 8 times server.max_body: 64KiB",
		"[server]\nmax_body = '256MiB'":                        "256MiB is not between",
		"[server]\nmax_growth = 0":                             "0 is not between 1KiB and",
		"[server]\nmax_elements = 99":                          "99 is not between 100 and 10000000",
		"[server]\nmax_document = '1GiB'":                      "1GiB is not between 1KiB and 500MiB",
		"[server]\npatience = '0s'":                            "must be more than zero",
		"[server]\nshutdown_timeout = 30":                      "30 is not a duration; write 30s",
		"[server]\nshutdown_timeout = '-1s'":                   `"-1s" is not a duration`,
		"[server]\nshutdown_timeout = '0s'":                    "must be more than zero",
		"[server]\ncors_origins = '*'":                         `"*" is not a list; write ["a", "b"]`,
		"[server]\ncors_origins = ['a.org']":                   `"a.org" is not an origin`,
		"[server]\ncors_origins = ['https://A.org']":           "is not an origin",
		"[server]\ncors_origins = ['https://a.org/']":          "is not an origin",
		"[server]\ncors_origins = ['https://u@a.org']":         "is not an origin",
		"[server]\ncors_origins = ['https://*.a.org']":         "is not an origin",
		"[server]\ncors_origins = ['https://a:443']":           "browsers leave out",
		"[server]\ncors_origins = ['http://a:80']":             "browsers leave out",
		"[server]\ntrusted_proxies = ['10.1.2.3/8']":           `"10.1.2.3/8" is not an address or a network`,
		"[server]\ncors_origins = ['a.org', 'b.org']":          `"a.org" is not an origin`,
		"[server]\nlistenin = ':1'":                            "is it server.listen?",
		"[server]\ntls_cert = []\ntls_key = 'k'":               "server.tls_cert: this is not a text",
		"[server]\ntls_key = []\ntls_cert = 'c'":               "server.tls_key: this is not a text",
		"[server]\ntrusted_proxies = ['::ffff:10.0.0.0/104']":  "is not an address or a network",
		"[server]\ntrusted_proxies = ['proxy']":                "is not an address or a network",
		"[server]\ntrusted_proxies = ['fe80::1%e0']":           "is not an address or a network",
		"[server]\nbase_path = 'thalamus'":                     `"thalamus" is no path of a proxy`,
		"[server]\nbase_path = '//thalamus'":                   `"//thalamus" is no path of a proxy`,
		"[server]\nbase_path = '/'":                            `"/" is no path of a proxy`,
		"[server]\nbase_path = '/a//b'":                        `"/a//b" is no path of a proxy`,
		"[server]\nbase_path = '/a/../b'":                      `"/a/../b" is no path of a proxy`,
		"[server]\nbase_path = '/a.b'":                         `"/a.b" is no path of a proxy`,
		"[server]\nbase_path = '/a%2F'":                        `"/a%2F" is no path of a proxy`,
		"[server]\ntitle = \"a\\nb\"":                          `server.title: has control characters`,
		"[server]\ntitle = '" + strings.Repeat("é", 201) + "'": `server.title: has more than 200 characters`,
		"[server]\ncontact = \"\\u001b[2J\"":                   `server.contact: has control characters`,
		"[server]\nbase_path = 'https://x'":                    `"https://x" is no path of a proxy`,
		"[server]\ntls_cert = 'c'":                             "server.tls_key: is not set, but server.tls_cert is",
		"[server]\ntls_key = 'k'":                              "server.tls_cert: is not set, but server.tls_key is",
		"[database]\nmax_conns = -1":                           "-1 is not between 0 and 262143",
		"[database]\nmax_conns = 1.5":                          "this is not a whole number",
		"[access]\nroles = ''":                                 "access.roles: is empty",
		"[access]\nrecord = ''":                                "access.record: is empty",
		"[passwords]\ncost = 3":                                "3 is not between 4 and 16",
		"[passwords]\ncost = 17":                               "17 is not between 4 and 16",
		"[passwords]\nmin_length = 0":                          "0 is not between 1 and 64",
		"[passwords]\nmin_length = 65":                         "65 is not between 1 and 64",
		"[log]\nlevel = 'loud'":                                `"loud" is not a level`,
		"[log]\nlevel = 'info'\nlevel = 'warn'":                "thalamus.toml:3: after the key log.level: Key 'log.level' has already been defined.",
		"[server":                                              "thalamus.toml:1: expected '.' or ']'",

		"[server]\ncontact = '" + strings.Repeat("é", 2001) + "'": `server.contact: has more than 2000 characters`,
	} {
		t.Run(text, func(t *testing.T) {
			got := faultsOf(t, text, minimalEnviron...)
			if !strings.Contains(got, want) || strings.Contains(got, "\n") {
				t.Errorf("%q\ngot  %q\nwant %q", text, got, want)
			}
		})
	}
}

func TestFileAndEnvironmentAreBothChecked(t *testing.T) {
	got := faultsOf(t, "[log]\nlevel = 'loud'", append(slices.Clone(minimalEnviron), "THALAMUS_LOG_LEVEL=quiet")...)
	want := `thalamus.toml:2: log.level: "loud" is not a level; write debug, info, warn or error
THALAMUS_LOG_LEVEL: log.level: "quiet" is not a level; write debug, info, warn or error`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFaultsOfTheTextsOfPagesComeInTheirOrder(t *testing.T) {
	for range 20 {
		got := faultsOf(t, "[server]\ncontact = \"\\t\"\ntitle = \"\\t\"", minimalEnviron...)
		want := "thalamus.toml:3: server.title: has control characters\nthalamus.toml:2: server.contact: has control characters"
		if got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestListeningNeedsACertificate(t *testing.T) {
	for text, fault := range map[string]bool{
		"listen = ':8443'":                              true,
		"listen = '0.0.0.0:80'":                         true,
		"listen = 'example.org:80'":                     true,
		"listen = '127.0.0.2:80'":                       false,
		"listen = '[::1]:80'":                           false,
		"listen = 'localhost:0'":                        false,
		"listen = ':80'\nallow_plaintext = true":        false,
		"listen = ':80'\ntls_cert = 'c'\ntls_key = 'k'": false,
	} {
		t.Run(text, func(t *testing.T) {
			c, _, err := Load(writeFile(t, "[server]\n"+text), minimalEnviron[:1])
			if err != nil {
				t.Fatal(err)
			}

			if got := c.Server.CheckExposure(c.Server.Listen); (got != nil) != fault {
				t.Errorf("%q gives %v", text, got)
			}
		})
	}
}

func TestAMissingFileIsAFault(t *testing.T) {
	_, _, err := Load("/nonexistent/thalamus.toml", []string{"THALAMUS_LOG_LEVEL=loud"})
	want := "configuration: open /nonexistent/thalamus.toml: no such file or directory\nTHALAMUS_LOG_LEVEL: log.level: "
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}
