// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// minimalEnviron has the settings without which no configuration loads.
var minimalEnviron = []string{"THALAMUS_DATABASE_URL=postgres://h/d", "THALAMUS_SERVER_ALLOW_PLAINTEXT=true"}

// writeFile makes a configuration file of the text.
func writeFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "thalamus.toml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// load gives the configuration of a text that is right.
func load(t *testing.T, text string, environ ...string) Config {
	t.Helper()
	c, _, err := Load(writeFile(t, text), append(environ, minimalEnviron...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnEmptyFileGivesTheDefaults(t *testing.T) {
	c, warnings, err := Load("", minimalEnviron)
	if err != nil || len(warnings) != 0 {
		t.Fatal(warnings, err)
	}

	want := Default()
	want.Server.AllowPlaintext, want.Database.URL = true, NewSecret("postgres://h/d")
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestEveryTypeIsReadFromFileAndEnvironment(t *testing.T) {
	file := load(t, `
		[server]
		listen = "127.0.0.1:80"
		max_body = 4096
		max_elements = 500
		max_document = "1 MB"
		max_growth = "2 MiB"
		cors_origins = ["https://a.org", "https://b.org:8443"]
		trusted_proxies = ["::ffff:192.0.2.1", "2001:db8::/32"]
		base_path = "/apps/thalamus_2/"
		title = "서울"
		contact = "Front desk\nRoom 7"
		patience = "20s"
		drain_delay = "0s"
		shutdown_timeout = "1m"
		[passwords]
		cost = 10
		[log]
		level = "warn"`)

	environ := load(t, "",
		"THALAMUS_SERVER_LISTEN=127.0.0.1:80", "THALAMUS_SERVER_MAX_BODY=4096",
		"THALAMUS_SERVER_MAX_ELEMENTS=500", "THALAMUS_SERVER_MAX_GROWTH=2MiB", "THALAMUS_SERVER_MAX_DOCUMENT=1 MB",
		"THALAMUS_SERVER_CORS_ORIGINS=https://a.org,https://b.org:8443,",
		"THALAMUS_SERVER_TRUSTED_PROXIES=192.0.2.1, 2001:db8::/32", "THALAMUS_SERVER_BASE_PATH=/apps/thalamus_2/",
		"THALAMUS_SERVER_TITLE=서울", "THALAMUS_SERVER_CONTACT=Front desk\nRoom 7",
		"THALAMUS_SERVER_PATIENCE=20s", "THALAMUS_SERVER_DRAIN_DELAY=0s", "THALAMUS_SERVER_SHUTDOWN_TIMEOUT=1m",
		"THALAMUS_PASSWORDS_COST=10", "THALAMUS_LOG_LEVEL=WARN")
	if !reflect.DeepEqual(file, environ) {
		t.Errorf("file %+v\nenvironment %+v", file, environ)
	}

	want := Server{
		Listen: "127.0.0.1:80", HSTS: true, AllowPlaintext: true, MaxBody: 4096, MaxElements: 500, MaxDocument: 1e6, MaxGrowth: 2 << 20,
		CORSOrigins:     []string{"https://a.org", "https://b.org:8443"},
		TrustedProxies:  []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/32")},
		BasePath:        "/apps/thalamus_2/",
		Title:           "서울",
		Contact:         "Front desk\nRoom 7",
		Patience:        20 * time.Second,
		ShutdownTimeout: time.Minute,
	}
	if !reflect.DeepEqual(file.Server, want) || file.Passwords.Cost != 10 || file.Log.Level != slog.LevelWarn {
		t.Errorf("got %+v", file)
	}
}

func TestTheEnvironmentWinsOverTheFile(t *testing.T) {
	c := load(t, "[server]\nlisten = ':1'\ncors_origins = ['https://a.org']",
		"THALAMUS_SERVER_LISTEN=:2", "THALAMUS_SERVER_CORS_ORIGINS=")
	if c.Server.Listen != ":2" || len(c.Server.CORSOrigins) != 0 {
		t.Errorf("got %+v", c.Server)
	}
}

func TestEveryFieldHasAKeyAndAParser(t *testing.T) {
	c := Default()
	for _, k := range keysOf(&c) {
		of := k.field.Type()
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}

		if _, ok := parsers[of]; !ok || k.section == "" || k.name == "" {
			t.Errorf("%s has no reader for %v, or no tag", k.dotted(), of)
		}
	}
}

func TestUnknownVariablesAreWarnings(t *testing.T) {
	environ := append([]string{"THALAMUS_PORT=tcp://10.0.0.1:8443", "THALAMUS_X=secret", "PATH=/bin"}, minimalEnviron...)
	_, warnings, err := Load("", environ)
	if err != nil || len(warnings) != 2 || !strings.Contains(warnings[0], "THALAMUS_PORT") {
		t.Errorf("got %q, %v", warnings, err)
	}

	if strings.Contains(strings.Join(warnings, ""), "secret") {
		t.Errorf("a value is shown: %q", warnings)
	}
}

// Metrics and profiles have no login.
func TestAMonitorThatOthersReachIsAWarning(t *testing.T) {
	for listen, want := range map[string]bool{
		"": false, "127.0.0.1:9191": false, "[::1]:9191": false, "localhost:9191": false, ":9191": true, "0.0.0.0:9191": true, "192.0.2.1:9191": true,
	} {
		t.Run(listen, func(t *testing.T) {
			c, warnings, err := Load("", append([]string{"THALAMUS_ADMIN_LISTEN=" + listen}, minimalEnviron...))
			if err != nil || c.Admin.Listen != listen {
				t.Errorf("%q: got %q, %v", listen, c.Admin.Listen, err)
			}
			if got := strings.Contains(strings.Join(warnings, ""), "without a login"); got != want {
				t.Errorf("%q: got %q", listen, warnings)
			}
		})
	}
}

func TestRelativeFileNamesStartAtTheConfigurationFile(t *testing.T) {
	name := writeFile(t, "[access]\nroles = 'a.cfg'\n[server]\ntls_key = 'tls/key'\ntls_cert = '/tls/cert'")
	environ := append([]string{"THALAMUS_SERVER_TLS_KEY=key"}, minimalEnviron...)

	c, _, err := Load(name, minimalEnviron)
	dir := filepath.Dir(name)
	if err != nil || c.Access.Roles != filepath.Join(dir, "a.cfg") || c.Server.TLSKey != filepath.Join(dir, "tls/key") || c.Server.TLSCert != "/tls/cert" {
		t.Errorf("from the file: %+v, %v", c, err)
	}

	c, _, err = Load(name, environ)
	if err != nil || c.Server.TLSKey != "key" {
		t.Errorf("from the environment: %+v, %v", c, err)
	}
}

func TestStandardOutputIsNoRelativeFileName(t *testing.T) {
	for text, want := range map[string]string{"": "-", "record = '-'": "-", "record = './-'": "/-", "record = 'a.jsonl'": "/a.jsonl"} {
		t.Run(text, func(t *testing.T) {
			name := writeFile(t, "[access]\n"+text)
			c, _, err := Load(name, minimalEnviron)
			if got := strings.TrimPrefix(c.Access.Record, filepath.Dir(name)); err != nil || got != want {
				t.Errorf("%q gives %q, %v", text, c.Access.Record, err)
			}
		})
	}
}

func TestWeakPasswordRulesAreWarnings(t *testing.T) {
	_, warnings, err := Load(writeFile(t, "[passwords]\ncost = 9\nmin_length = 7"), minimalEnviron)
	if err != nil || len(warnings) != 2 {
		t.Errorf("got %q, %v", warnings, err)
	}

	_, warnings, _ = Load(writeFile(t, "[passwords]\ncost = 10\nmin_length = 8"), minimalEnviron)
	if len(warnings) != 0 {
		t.Errorf("got %q", warnings)
	}
}
