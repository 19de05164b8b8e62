// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

func TestRolesAreGivenAndTaken(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	for _, c := range []struct {
		args, want string
		status     int
		roles      string // stored afterwards
	}{
		{"+health_professional", "now has the roles: end_user, health_professional\n", 0, `["end_user", "health_professional"]`},
		{"+health_professional -root", "has these roles already: end_user, health_professional\n", 0, `["end_user", "health_professional"]`},
		{"-end_user", "cannot change its own password", 0, `["health_professional"]`},
		{"-health_professional", "cannot change its own password", 0, `[]`},
		{"+end_user,root -root", "now has the roles: end_user\n", 0, `["end_user"]`},
		{"+librarian -end_user", `has no role "librarian"; it has end_user, `, 1, `["end_user"]`},
		{"", "write: thalamus account roles ID +ROLE -ROLE", 2, `["end_user"]`},
		{"root", "takes 1 arguments", 2, `["end_user"]`},
		{"+root --bogus", "not defined: -bogus", 2, `["end_user"]`},
	} {
		t.Run(c.args, func(t *testing.T) {
			s.run(t, "", c.status, c.want, append([]string{"account", "roles", strings.ToLower(other)}, strings.Fields(c.args)...)...)
			if got := s.stored(t, other, "roles"); got != c.roles {
				t.Errorf("%s: stored: %s", c.args, got)
			}
		})
	}
	s.run(t, "", 0, "UNKROLE001 now has the roles: end_user\n", "account", "roles", "UNKROLE001", "-librarian", "+end_user")
	s.run(t, "", 0, "ROLESSTR001 now has the roles: end_user\n", "account", "roles", "ROLESSTR001", "+end_user") // it held none
	s.run(t, "", 1, "there is no account NOBODY", "account", "roles", "NOBODY", "+root")
	s.run(t, "", 0, "Usage: thalamus account", "account", "roles", "--help")
}

// Who reads the roles, and writes them with one more, must not bring back what was taken
// meanwhile.
func TestRolesThatSomebodyElseChangesMeanwhileStay(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	db := testdb.At(t, s.url)
	end := db.Hold(`UPDATE people SET data = data || '{"roles": []}' WHERE id = $1`, other)
	done := make(chan string, 1)
	go func() {
		_, out := here(t, "", s.environ, "account", "roles", other, "+health_professional")
		done <- out
	}()
	db.AwaitWaiting(1)
	end("COMMIT")
	if out := <-done; !strings.Contains(out, "read it again") || s.stored(t, other, "roles") != "[]" {
		t.Errorf("%s, %s", out, s.stored(t, other, "roles"))
	}
}

func TestADisabledAccountIsClosedUntilItIsEnabled(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	base := "http://" + start(t, s.environ, "serve").address
	login := func(want int) {
		t.Helper()
		testdb.Await(t, "another answer to the login", func() bool {
			code, _ := ask(t, "GET", base+"/login", other, otherPwd, "")
			return code == want
		})
	}
	login(200)
	s.run(t, "", 0, "disabled "+other+"\n", "account", "disable", strings.ToLower(other))
	login(401)
	s.run(t, "", 0, "enabled "+other+"\n", "account", "enable", other)
	login(200)
	s.run(t, "", 0, "NOPASS001 has no password; to give it one: thalamus account password NOPASS001\n", "account", "enable", "NOPASS001")
	s.run(t, "", 1, "there is no account NOBODY", "account", "disable", "NOBODY")
	s.run(t, "", 2, "not defined: -force", "account", "enable", other, "--force")
}

func TestTheLastAdministratorIsKeptFromCommandsUnlessForced(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	s.run(t, "", 0, "disabled", "account", "disable", deputy)
	roles := s.stored(t, chief, "roles")
	for _, args := range [][]string{{"disable", chief}, {"roles", chief, "-root"}, {"roles", chief, "-root", "+end_user"}} {
		s.run(t, "", 1, "last account that can administer accounts", append([]string{"account"}, args...)...)
	}
	s.run(t, "", 1, "--force", "account", "disable", chief)
	if s.stored(t, chief, "roles") != roles || s.stored(t, chief, "active") != "true" {
		t.Error("something was changed")
	}
	s.run(t, "another horse\n", 0, "changed", "account", "password", chief)
	s.run(t, "", 0, "now has", "account", "roles", chief, "+end_user")
	s.run(t, "", 0, "now has the roles: end_user\n", "account", "roles", chief, "-root", "--force")
	s.run(t, "", 0, "now has", "account", "roles", chief, "+root")
	s.run(t, "", 0, "disabled", "account", "disable", chief, "--force")
}

func TestThePasswordOfADisabledAccountOpensItOnlyIfAsked(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	s.run(t, "correct horse\n", 0, "INACTIVE001 is disabled, and another password alone lets nobody in; with --enable", "account", "password", "inactive001")
	if s.stored(t, "INACTIVE001", "active") != "false" {
		t.Error("it was opened")
	}
	out := s.run(t, "another horse\n", 0, "changed the password of INACTIVE001\n", "account", "password", "INACTIVE001", "--enable")
	if s.stored(t, "INACTIVE001", "active") != "true" || strings.Contains(out, "disabled") {
		t.Errorf("it was not opened: %s", out)
	}
	base := "http://" + start(t, s.environ, "serve").address
	if code, _ := ask(t, "GET", base+"/login", "INACTIVE001", "another horse", ""); code != 200 {
		t.Errorf("login %d", code)
	}
	s.run(t, "correct horse\n", 0, "changed", "account", "password", other, "--enable") // it is open already
}

func TestAnAccountIsDeletedAsOverTheAPI(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	s.run(t, "", 1, ana+" is active; first: thalamus account disable "+ana+"\n", "account", "delete", strings.ToLower(ana))
	s.run(t, "", 0, "disabled", "account", "disable", ana)
	s.run(t, "", 1, ana+" has pages or documents; nothing was changed", "account", "delete", ana)
	s.run(t, "", 0, "deleted INACTIVE001\n", "account", "delete", "INACTIVE001")
	s.run(t, "", 1, "there is no account INACTIVE001", "account", "delete", "INACTIVE001")
	s.run(t, "", 0, "restored person INACTIVE001", "restore", "person", "INACTIVE001")
}
