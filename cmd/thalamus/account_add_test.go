// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// stored is a value of a person's record.
func (s site) stored(t *testing.T, id, key string) string {
	t.Helper()
	return testdb.Text(t, s.url, `SELECT COALESCE(data ->> $2, '') FROM people WHERE id = $1`, id, key)
}

// run runs a command, and fails the test unless it ends with this status and tells the text.
func (s site) run(t *testing.T, stdin string, status int, want string, args ...string) (out string) {
	t.Helper()
	got, out := here(t, stdin, s.environ, args...)
	if got != status || !strings.Contains(out, want) {
		t.Errorf("%q: status %d: %s, want %d and %q", args, got, out, status, want)
	}
	if strings.Contains(out, "$2") {
		t.Errorf("%q tells a hash: %s", args, out)
	}
	return out
}

// without is the site with a roles file of these entries.
func (s site) withRoles(t *testing.T, entries string) site {
	t.Helper()
	file := filepath.Join(t.TempDir(), "roles.cfg")
	if err := os.WriteFile(file, []byte(entries), 0o600); err != nil {
		t.Fatal(err)
	}
	return site{s.url, append(append([]string{}, s.environ...), "THALAMUS_ACCESS_ROLES="+file)}
}

func TestANewAccountMayChangeItsPasswordUnlessItsRolesAreTheOnlyOnes(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	other := s.withRoles(t, `[{"role": "nurse", "permissions": {}}, {"role": "root", "permissions": {"PATCH": ["roles"], "POST": ["password"], "global": "True"}}]`)
	for _, c := range []struct {
		site  site
		args  string
		roles string // stored
		noted bool   // that it cannot change its password
	}{
		{s, "N1", `["end_user"]`, false}, {s, "N2 --role health_professional", `["health_professional", "end_user"]`, false},
		{s, "N3 --role health_professional --only", `["health_professional"]`, true}, {s, "N4 --role root,health_professional --role root", `["root", "health_professional", "end_user"]`, false},
		{s, "N5 --role end_user --only", `["end_user"]`, false}, {other, "N6 --role nurse", `["nurse"]`, true}, {other, "N7 --role root", `["root"]`, false},
	} {
		args := append([]string{"account", "add"}, strings.Fields(c.args)...)
		out := c.site.run(t, "correct horse\n", 0, "created "+args[2]+" with ", args...)
		if got := s.stored(t, args[2], "roles"); got != c.roles || strings.Contains(out, "cannot change its own password") != c.noted {
			t.Errorf("%s: %s: %s", c.args, got, out)
		}
	}
	other.run(t, "correct horse\n", 2, "say --role", "account", "add", "N8")
	s.run(t, "correct horse\n", 0, "", "account", "add", "n9", "--name", "길동", "--lastname", "de la Cruz")
	if got := s.stored(t, "N9", "name") + " " + s.stored(t, "N9", "lastname") + " " + s.stored(t, "N9", "active"); got != "길동 de la Cruz true" {
		t.Errorf("stored: %s", got)
	}
}

func TestTheHistoryHasTheOperatingSystemsUser(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	sudo := site{s.url, append(append([]string{}, s.environ...), "SUDO_USER=ana")}
	sudo.run(t, "correct horse\n", 0, "", "account", "add", "NURSE", "--role", "health_professional")
	s.run(t, "another horse\n", 0, "", "account", "password", "NURSE")
	s.run(t, "", 0, "", "account", "roles", "NURSE", "+root")
	sudo.run(t, "", 0, "", "account", "disable", "NURSE")
	s.run(t, "", 0, "", "account", "enable", "NURSE")
	s.run(t, "", 0, "", "account", "disable", "NURSE")
	s.run(t, "", 0, "", "account", "delete", "NURSE")
	s.run(t, "", 0, "", "restore", "person", "NURSE")
	got := testdb.Text(t, s.url, `SELECT string_agg(operation || ' ' || account, ', ' ORDER BY seq) FROM thalamus_changes WHERE id = 'NURSE'`)
	os := "os/" + me.Username
	want := "create " + os + " for ana, password " + os + ", update " + os + ", update " + os + " for ana, update " + os + ", update " + os + ", delete " + os + ", create " + os
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// people is a list as a spreadsheet wrote it.
const people = "\uFEFFid;name;lastname;dob;roles\r\nkorseo001han;길동;홍;1990-02-28;\r\nESPGNU777NEW;\"Ana; María\";Betz;;health_professional\r\n" +
	"ESPGNU777ORG;Ana;Betz;;\r\nBAD/ID;Eva;;;\r\nESPGNU777LIB;Eva;;;librarian\r\nESPGNU777LAS;Eva;;;\r\n"

func TestAListOfPeopleGetsAccountsAndPrintedPasswords(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	before := s.stored(t, ana, "password")
	out := s.run(t, "", 3, "2 of 6 rows were refused", "account", "add", "--from", file)
	for _, want := range []string{"line 4: ESPGNU777ORG exists already, and keeps its password\n", "line 5: An id is a text without slashes", `line 6: ../../etc/roles.cfg has no role "librarian"`} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not told in: %s", want, out)
		}
	}
	if s.stored(t, ana, "password") != before || testdb.Text(t, s.url, `SELECT count(*)::text FROM people WHERE id LIKE '%LIB' OR id LIKE 'BAD%'`) != "0" {
		t.Error("something was changed that is refused")
	}

	base := "http://" + start(t, s.environ, "serve").address
	for id, c := range map[string]struct{ called, roles string }{
		"KORSEO001HAN": {"길동 홍", `["end_user"]`}, "ESPGNU777NEW": {"Ana; María Betz", `["health_professional", "end_user"]`}, "ESPGNU777LAS": {"Eva", `["end_user"]`},
	} {
		t.Run(id, func(t *testing.T) {
			_, line, _ := strings.Cut(out, id)
			line, _, _ = strings.Cut(line, "\n")
			words := strings.Fields(line)
			if called := strings.Join(words[1:], " "); called != c.called || s.stored(t, id, "roles") != c.roles {
				t.Errorf("%s is called %s, with %s", id, called, s.stored(t, id, "roles"))
			}
			if code, _ := ask(t, "PATCH", base+"/people/"+id, id, words[0], `{"password": "an own password"}`); code != 200 {
				t.Errorf("%s changes the printed password: %d", id, code)
			}
		})
	}
	if s.stored(t, "KORSEO001HAN", "dob") != "1990-02-28" || s.stored(t, "ESPGNU777LAS", "lastname") != "" {
		t.Error("the columns are not stored")
	}

	again := s.run(t, people, 3, "line 7: ESPGNU777LAS exists already", "account", "add", "--from", "-")
	if strings.Count(again, "exists already") != 4 || strings.Count(again, "\n") != 4+2+1 {
		t.Errorf("again: %s", again)
	}
	if code, _ := ask(t, "GET", base+"/login", "ESPGNU777LAS", "an own password", ""); code != 200 {
		t.Errorf("login %d after the second time", code)
	}
}

func TestTheRolesOfAListAreItsOwnOrThoseOfTheCommand(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	const list = "id,roles\nA,\nB,health_professional\n"
	s.run(t, list, 0, "A ", "account", "add", "--from", "-", "--role", "root", "--only")
	if a, b := s.stored(t, "A", "roles"), s.stored(t, "B", "roles"); a != `["root"]` || b != `["health_professional"]` {
		t.Errorf("%s and %s", a, b)
	}
	s.run(t, list, 1, "has no role", "account", "add", "--from", "-", "--role", "librarian")
	s.run(t, "id,roles\nC,\n", 3, "C has no role", "account", "add", "--from", "-", "--only")
	s.run(t, "id,nom\nC,\n", 1, `no column "nom"`, "account", "add", "--from", "-")
	s.run(t, "id\nlowerid001\n", 0, "LOWERID001 exists already", "account", "add", "--from", "-")
	s.run(t, "", 1, "no such file", "account", "add", "--from", "/nowhere.csv")
}

func TestAListedAccountIsDescribedAndNoHashIsTold(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	s.run(t, "correct horse\n", 0, "", "account", "add", "N1", "--name", "Eva\x1b[31m", "--role", "health_professional")
	s.run(t, "", 0, "", "account", "disable", "N1")
	list := s.run(t, "", 0, "\nN1               inactive password    health_professional, end_user Eva\uFFFD[31m\n", "account", "list")
	for _, c := range []struct{ args, has, hasNot string }{
		{"", "PWPLAIN001       active   no password end_user", "NOPASS001"}, {"", "UNKROLE001       active   password    librarian", "EMPTYDATA1"},
		{"--role root", "ARGBUE111FAV", "UNKROLE001"}, {"--role root", "MIXEDROLE1", "ROLESSTR001"}, {"--role end_user", "NOPASS001", "UNKROLE001"},
		{"--inactive", "INACTIVE001", "ARGBUE111FAV"}, {"--inactive --role health_professional", "N1 ", "INACTIVE001"}, {"--role nobody", "", "N1"},
	} {
		t.Run(c.args, func(t *testing.T) {
			out := s.run(t, "", 0, c.has, append([]string{"account", "list"}, strings.Fields(c.args)...)...)
			if strings.Contains(out, c.hasNot) {
				t.Errorf("list %s: %s", c.args, out)
			}
		})
	}
	lines := strings.Split(strings.TrimSpace(s.run(t, "", 0, "", "account", "list", "--json")), "\n")
	for _, line := range lines {
		var read map[string]any
		if err := json.Unmarshal([]byte(line), &read); err != nil || len(read) != 7 {
			t.Errorf("%s: %v", line, err)
		}
	}
	if len(lines) != strings.Count(list, "\n") {
		t.Errorf("%d lines of JSON and %d others", len(lines), strings.Count(list, "\n"))
	}
}

func TestAnAccountIsShown(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	s.run(t, "", 0, "id             UNKROLE001\n", "account", "show", "unkrole001")
	s.run(t, "", 0, "roles          librarian (not in the roles file)\nactive         yes\npassword       yes\nadministrator  no\n", "account", "show", "UNKROLE001")
	s.run(t, "", 0, "active         no\n", "account", "show", "INACTIVE001")
	s.run(t, "", 0, "password       none that can be used\n", "account", "show", "PWPLAIN001")
	s.run(t, "", 0, "administrator  yes\n", "account", "show", chief)
	s.run(t, "", 1, "there is no account NOBODY", "account", "show", "NOBODY")
	s.run(t, "correct horse\n", 0, "", "account", "password", "NOPASS001")
	s.run(t, "", 0, "password       yes, changed 2", "account", "show", "NOPASS001")
	s.run(t, "", 0, `"roles":["end_user"],"active":true,"password":true,"administrator":false,"password_changed":"2`, "account", "show", "NOPASS001", "--json")
	s.run(t, "", 0, `"roles":[],"active":true,"password":true,"administrator":false}`, "account", "show", "ROLESSTR001", "--json")
}
