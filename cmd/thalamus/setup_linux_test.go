// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"io"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/setup"
	"thalamus/internal/testdb"
)

// machine is one to be set up, with the tests' PostgreSQL, and its environment.
func machine(t *testing.T, database string) (o setup.Options, environ []string) {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	super := testdb.At(t, testdb.Empty(t))
	super.As(me.Username) // for all tests: they would make one user at once
	conn := testdb.Connect(t, super.URL)
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), `DROP DATABASE IF EXISTS `+database+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	o = setup.Options{
		Dir: dir, Shared: []string{"../../etc"}, User: me.Username, Record: filepath.Join(dir, "access.jsonl"),
		Socket: super.Text(`SHOW unix_socket_directories`), DB: database, Names: []string{"localhost"},
	}
	return o, []string{"THALAMUS_ACCESS_ROLES=../../etc/roles.cfg", "THALAMUS_SERVER_LISTEN=127.0.0.1:0", "THALAMUS_PASSWORDS_COST=4"}
}

// fill does all but start the server, and gives what was said.
func fill(t *testing.T, o setup.Options, environ []string, admin string, stdin io.Reader) (said string, err error) {
	t.Helper()
	plan, err := setup.Make(o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	first := &administrator{id: admin, config: o.Config(), env: environment{stdin: stdin, stdout: &out, stderr: &out, environ: environ}}
	err = setup.Run(t.Context(), filling(plan, o.Config(), first), &out)
	first.tell()
	return out.String(), err
}

func TestAfterSetupTheAdministratorLogsInOverTLS(t *testing.T) {
	t.Parallel()
	o, environ := machine(t, "setup_serves")
	if said, err := fill(t, o, environ, "ESPADM001XYZ", strings.NewReader("correct horse\n")); err != nil || strings.Contains(said, "horse") {
		t.Fatalf("%v: %s", err, said)
	}
	p := start(t, environ, "serve", "--config", o.Config())
	if status, body := ask(t, "GET", "https://"+p.address+"/people/ESPADM001XYZ", "ESPADM001XYZ", "correct horse", ""); status != 200 || !strings.Contains(body, `"roles": ["root", "end_user"]`) {
		t.Errorf("status %d: %s", status, body)
	}

	said, err := fill(t, o, environ, "", strings.NewReader(""))
	if err != nil || strings.Contains(said, "done ") || !strings.Contains(said, "is so   an administrator") {
		t.Errorf("again, it said %s: %v", said, err)
	}
}

func TestAPasswordIsMadeUpWhereNoneIsSaidAndIsToldOnce(t *testing.T) {
	t.Parallel()
	for name, stdin := range map[string]string{"nothing": "", "an empty line": "\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, environ := machine(t, "setup_madeup"+strings.Repeat("_", len(stdin)))
			environ = append(environ, "THALAMUS_PASSWORDS_MIN_LENGTH=24") // longer than usual
			said, err := fill(t, o, environ, "ESPADM001XYZ", strings.NewReader(stdin))
			password := regexp.MustCompile(`The first password of ESPADM001XYZ is ([\w-]{24,});`).FindStringSubmatch(said)
			if err != nil || password == nil {
				t.Fatalf("%v: %s", err, said)
			}
			p := start(t, environ, "serve", "--config", o.Config())
			if status, body := ask(t, "GET", "https://"+p.address+"/login", "ESPADM001XYZ", password[1], ""); status != 200 {
				t.Errorf("status %d: %s", status, body)
			}
			if said, err := fill(t, o, environ, "ESPADM001XYZ", strings.NewReader(stdin)); err != nil || strings.Contains(said, "password") {
				t.Errorf("again, it said %s: %v", said, err)
			}
		})
	}
}

func TestOnATerminalSetupAsksForTheAdministrator(t *testing.T) {
	t.Parallel()
	o, environ := machine(t, "setup_asks")
	said, err := fill(t, o, environ, "", typing(t, "ESPADM001XYZ\ncorrect horse\ncorrect horse\n"))
	if err != nil || !strings.Contains(said, "first administrator") || strings.Contains(said, "horse") {
		t.Fatalf("%v: %s", err, said)
	}
	p := start(t, environ, "serve", "--config", o.Config())
	if status, body := ask(t, "GET", "https://"+p.address+"/login", "ESPADM001XYZ", "correct horse", ""); status != 200 {
		t.Errorf("status %d: %s", status, body)
	}
}

func TestOnATerminalSetupAsksForTheNamesOfTheFirstCertificate(t *testing.T) {
	t.Parallel()
	own := []string{"localhost", "127.0.0.1", "::1"}
	for _, c := range []struct {
		typed string
		given []string
		dry   bool
		asked bool
		want  []string
	}{
		{"hub.example.org, 192.0.2.7\n", nil, false, true, append([]string{"hub.example.org", "192.0.2.7"}, own...)},
		{"\n", nil, false, true, nil},
		{"other\n", []string{"hub"}, false, false, append([]string{"hub"}, own...)},
		{"other\n", nil, true, false, nil},
	} {
		t.Run(c.typed, func(t *testing.T) {
			o := setup.Options{Dir: t.TempDir(), Shared: []string{"../../etc"}, Names: c.given}
			var out bytes.Buffer
			err := askNames(&o, environment{stdin: typing(t, c.typed), stderr: &out}, c.dry)
			if err != nil || !slices.Equal(o.Names, c.want) || strings.Contains(out.String(), "By which names") != c.asked {
				t.Errorf("%+v: %v, %v: %s", c, o.Names, err, out.String())
			}
		})
	}
	o := setup.Options{Dir: t.TempDir(), Shared: []string{"../../etc"}}
	if err := askNames(&o, environment{stdin: typing(t, "what? ever!\n"), stderr: io.Discard}, false); err == nil {
		t.Error("nonsense was taken for a name")
	}
}

func TestWithoutAnAdministratorSetupSaysHowToNameOneAndGoesOnThen(t *testing.T) {
	t.Parallel()
	o, environ := machine(t, "setup_goeson")
	for admin, stdin := range map[string]string{"": "correct horse\n", "ESPADM001XYZ": "horse\n", " ESPADM": "correct horse\n"} {
		t.Run(admin, func(t *testing.T) {
			if said, err := fill(t, o, environ, admin, strings.NewReader(stdin)); err == nil || !strings.HasPrefix(err.Error(), "an administrator: ") {
				t.Errorf("%q with %q: %v: %s", admin, stdin, err, said)
			}
		})
	}
	said, err := fill(t, o, environ, "ESPADM001XYZ", strings.NewReader("correct horse\n"))
	if err != nil || strings.Count(said, "is so ") != 5 || !strings.Contains(said, "done    an administrator") {
		t.Errorf("%v: %s", err, said)
	}
}

func TestSetupRefusesInOneLine(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"setup --cert x --dry-run":                  "both --cert and --key",
		"setup --key x --dry-run":                   "both --cert and --key",
		"setup --cert x --key y --name z --dry-run": "--name is for a self-signed certificate",
		"setup --name a_b --dry-run":                "no name of a host",
		"setup --name a,,b --dry-run":               "no name of a host",
		"setup --name hub..org --dry-run":           "no name of a host",
		"setup x --dry-run":                         "setup takes 0 arguments",
	} {
		t.Run(line, func(t *testing.T) {
			if status, out := here(t, "", nil, strings.Fields(line)...); status != 2 || !strings.Contains(out, want) || strings.Count(out, "\n") != 1 {
				t.Errorf("%q: status %d: %s", line, status, out)
			}
		})
	}
}
